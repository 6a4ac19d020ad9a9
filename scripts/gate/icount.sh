job_icount() {
	die "not yet" 2
}
