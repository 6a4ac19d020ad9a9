#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-2.0-only
# dmabench profile: every copy of programs whose copies are known is counted, whatever becomes of them.

load helpers
load profile_programs

setup() {
	dmabench=$top/build/dmabench
	cd "$BATS_TEST_TMPDIR"
}

@test "each function, its fortified form and overlapping moves are counted by size and alignment" {
	program all <<-'END'
		void *__memcpy_chk(void *, const void *, size_t, size_t);
		void *__memmove_chk(void *, const void *, size_t, size_t);
		void *__mempcpy_chk(void *, const void *, size_t, size_t);
		int main(void)
		{
			char *page = aligned_alloc(4096, 1 << 16);
			copy(3);
			memmove(to, from, 12345); memmove(to, from, 12345);
			memmove(to + 1, to, 12345);
			memmove(to, to, 12345);
			mempcpy(to, from, 12345);
			__memcpy_chk(to, from, 12345, sizeof(to));
			__memmove_chk(to, from, 12345, sizeof(to));
			__mempcpy_chk(to, from, 12345, sizeof(to));
			memcpy(page, page + 20001, 20001);
			return mempcpy(to, from, 5) == to + 5 && memcpy(to, from, 0) == to ? 0 : 1;
		}
	END
	profiled 0 ./all
	counted 11
	counted 4 memcpy
	counted 3 memmove
	counted 2 mempcpy
	counted 2 overlapping_memmove
	jq -e '(.sizes[] | select(.from == 12288) | .bytes == 11 * 12345) and
		(.sizes[] | select(.from == 5) | .mempcpy.calls == 1) and
		(.sizes[] | select(.from == 0) | .calls == 1 and .bytes == 0) and
		# 20001 is odd: of that class of sizes it is the only one with a page on one side.
		(.alignment.sizes[] | select(.from == 16384) | .calls[7][0] == 1 and ([.calls[][]] | add) == 1)' p.json
	jq -e '([.sizes[].calls] | add) == .calls and ([.sizes[].bytes] | add) == .bytes
		and ([.alignment.sizes[].calls[][]] | add) == .calls
		and ([.callers.list[].calls] | add) + .callers.others.calls == .calls
		and ([.threads.list[].bytes] | add) + .threads.rest.bytes == .bytes
		and ([.processes.list[].bytes] | add) + .processes.rest.bytes == .bytes
		and ([.functions[].calls] | add) == .calls' p.json
	"$top/tests/fixtures/validate.py" "$top/results/profile.schema.json" p.json
}

@test "every size from 0 to 70000 lands in its bin, and is copied" {
	program sizes <<-'END'
		static char big[80000], other[80000];
		int main(void)
		{
			for (size_t i = 0; i <= 70000; i++) {
				big[i] = (char)i;
				if (memcpy(other, big, i) != other)
					return 1;
			}
			return memcmp(other, big, 70000);
		}
	END
	profiled 0 ./sizes
	# Of each bin that lies in it as many as it has sizes, but for what the program's start copies.
	jq -e '[.sizes[] | select(.from >= 1024 and .to <= 70000) | select(.calls != .to - .from + 1
		or .bytes != (.from + .to) * (.to - .from + 1) / 2)] == []' p.json
}

@test "an overflow that the fortified form sees ends the program as without us, and isn't counted" {
	program overflow <<-'END'
		void *__memcpy_chk(void *, const void *, size_t, size_t);
		int main(void) { copy(2); __memcpy_chk(to, from, 12345, 100); return 0; }
	END
	profiled 134 ./overflow
	counted 2
	grep -q 'buffer overflow detected' stderr
}

@test "processes that end by _exit, by a signal that can't be caught, or in a crash lose nothing" {
	program ends <<-'END'
		int main(int argc, char **argv)
		{
			copy(7);
			if (argc > 1 && !strcmp(argv[1], "_exit")) _exit(3);
			if (argc > 1 && !strcmp(argv[1], "kill")) kill(getpid(), SIGKILL);
			if (argc > 1 && !strcmp(argv[1], "abort")) abort();
			return 4;
		}
	END
	ulimit -c 0
	profiled 3 ./ends _exit
	counted 7
	profiled 137 ./ends kill
	counted 7
	jq -e '.run.signal == 9 and .run.exit_status == null' p.json
	profiled 134 ./ends abort
	counted 7
	profiled 4 ./ends
	jq -e '.run.exit_status == 4 and .run.signal == null and .run.still_running == false' p.json
}

@test "children by fork, by fork without the C library, vfork, posix_spawn and exec" {
	program forks <<-'END'
		extern char **environ;
		int main(int argc, char **argv)
		{
			char *args[] = { argv[0], "child", NULL };
			pid_t pid;
			if (argc > 1) { copy(100); _exit(0); }
			copy(1);
			for (int i = 0; i < 10; i++)
				if (!fork()) { copy(10); _exit(0); }
			if (!syscall(SYS_clone, SIGCHLD, 0, 0, 0, 0)) { copy(1000); syscall(SYS_exit_group, 0); }
			if (!fork()) { copy(1); if (!fork()) { copy(1); _exit(0); } wait(NULL); execv("/proc/self/exe", args); }
			if (!vfork()) { memcpy(to, from, 12345); execv("/proc/self/exe", args); _exit(1); }
			if (posix_spawn(&pid, "/proc/self/exe", NULL, NULL, args, environ)) return 1;
			while (wait(NULL) > 0);
			copy(1);
			return 0;
		}
	END
	profiled 0 ./forks
	# 1 + 10 * 10 + 1000 + (1 + 1 + 100) + (1 + 100) + 100 + 1
	counted 1405
	jq -e '.processes.copied == 1 + 10 + 1 + 3 + 1 + 1 and .processes.programs_started == 4' p.json
	jq -e --arg exe "$PWD/forks" 'all(.processes.list[]; .program == $exe)' p.json
}

@test "parent and child that copy at once don't take counts from each other" {
	program both <<-'END'
		int main(void)
		{
			copy(1);
			for (int i = 0; i < 4; i++)
				if (!fork()) { copy(50000); _exit(0); }
			copy(50000);
			while (wait(NULL) > 0);
			return 0;
		}
	END
	profiled 0 ./both
	counted 250001
}

@test "more processes after each other than there are blocks in many chunks, looked at meanwhile" {
	program many <<-'END'
		static void children(int n)
		{
			while (n--) {
				if (!fork()) { copy(2); _exit(0); }
				wait(NULL);
			}
		}
		int main(void)
		{
			copy(1);
			/* dmabench looks each second. */
			for (int i = 0; i < 3; i++) { children(300); sleep(1); usleep(200000); }
			copy(1);
			return 0;
		}
	END
	profiled 0 ./many
	counted 1802
	jq -e '.processes.copied == 901 and (.processes.list | length) == 100 and .processes.rest.processes == 801
		and ([.processes.list[].calls] | add) + .processes.rest.calls == .calls
		and ([.callers.list[].calls] | add) + .callers.others.calls == .calls
		and ([.threads.list[].calls] | add) + .threads.rest.calls == .calls
		and .threads.copied == 901' p.json
}

@test "a hundred threads at once, and a thousand that come and go" {
	program threads <<-'END'
		static void *work(void *n) { copy((int)(long)n); return NULL; }
		int main(void)
		{
			pthread_t t[100];
			for (long i = 0; i < 100; i++) pthread_create(&t[i], NULL, work, (void *)(1000 + i));
			for (int i = 0; i < 100; i++) pthread_join(t[i], NULL);
			for (long i = 0; i < 1000; i++) {
				pthread_create(&t[0], NULL, work, (void *)3);
				pthread_join(t[0], NULL);
			}
			return 0;
		}
	END
	profiled 0 ./threads
	counted $((100 * 1000 + 99 * 50 + 3000))
	# The main thread copies nothing here but what its start does.
	jq -e '.threads.copied | . == 1100 or . == 1101' p.json
	jq -e '.threads.list[0].calls == 1099' p.json
	jq -e '(.threads.list | length) + .threads.rest.threads == .threads.copied' p.json
}

@test "threads that are still at it when the process is killed, and copies by thread destructors" {
	program killed <<-'END'
		static pthread_barrier_t all;
		static pthread_key_t key;
		static void late(void *arg) { (void)arg; copy(5); }
		static void *work(void *arg) { (void)arg; copy(100); pthread_barrier_wait(&all); pause(); return NULL; }
		static void *ends(void *arg) { pthread_setspecific(key, to); copy(1); return arg; }
		int main(void)
		{
			pthread_t t;
			pthread_key_create(&key, late);
			pthread_create(&t, NULL, ends, NULL);
			pthread_join(t, NULL);
			pthread_barrier_init(&all, NULL, 9);
			for (int i = 0; i < 8; i++) pthread_create(&t, NULL, work, NULL);
			pthread_barrier_wait(&all);
			kill(getpid(), SIGKILL);
			return 0;
		}
	END
	profiled 137 ./killed
	counted 806
}

@test "copies in constructors, in libraries' constructors and in such as dlopen brings" {
	program lib.so -shared -fPIC <<-'END'
		__attribute__((constructor)) static void begin(void) { copy(11); }
		__attribute__((destructor)) static void end(void) { copy(13); }
		void lib_copy(void) { copy(17); }
	END
	program early -L. -l:lib.so "-Wl,-rpath,$PWD" <<-'END'
		void lib_copy(void);
		__attribute__((constructor)) static void begin(void) { copy(100); }
		static void later(void) { copy(200); }
		int main(void) { atexit(later); lib_copy(); return 0; }
	END
	program loads <<-'END'
		int main(void)
		{
			for (int i = 0; i < 3; i++) {
				void *lib = dlopen("./lib.so", RTLD_NOW);
				((void (*)(void))dlsym(lib, "lib_copy"))();
				dlclose(lib);
			}
			return 0;
		}
	END
	profiled 0 ./early
	counted $((11 + 13 + 17 + 100 + 200))
	jq -e --arg lib "$PWD/lib.so" '[.callers.list[] | select(.module == $lib) | .calls] | add == 41' p.json
	profiled 0 ./loads
	counted $((3 * (11 + 13 + 17)))
	jq -e '[.callers.list[] | select(.module | endswith("lib.so")) | .calls] | add == 123' p.json
}

@test "copies in signal handlers, in the middle of those of the thread" {
	program signals <<-'END'
		static volatile int handled;
		static void handler(int sig) { (void)sig; memcpy(to, from, 12345); handled++; }
		int main(void)
		{
			struct sigaction act = { .sa_handler = handler };
			struct itimerspec every = { { 0, 50000 }, { 0, 50000 } };
			struct sigevent how = { .sigev_notify = SIGEV_SIGNAL, .sigev_signo = SIGUSR1 };
			char a[64], b[64];
			timer_t timer;
			long n = 0;
			sigaction(SIGUSR1, &act, NULL);
			timer_create(CLOCK_MONOTONIC, &how, &timer);
			timer_settime(timer, 0, &every, NULL);
			while (handled < 500) { memcpy(a, b, 33); n++; }
			timer_delete(timer);
			printf("%d %ld\n", handled, n);
			return 0;
		}
	END
	profiled 0 ./signals
	read -r handled n <stdout
	counted "$handled"
	jq -e --argjson n "$n" '[.sizes[] | select(.from == 32) | .calls] | add | . >= $n and . < $n + 50' p.json
}

@test "processes that can't open anything any more count in common, where there is no room otherwise" {
	program crowd <<-'END'
		int main(void)
		{
			struct rlimit none = { 0, 0 };
			int fds[2];
			char c;
			copy(1);
			if (pipe(fds)) return 1;
			setrlimit(RLIMIT_NOFILE, &none);
			/* All of them at once, so that no block is free again. */
			for (int i = 0; i < 50; i++)
				if (!fork()) { copy(10); close(fds[1]); while (read(fds[0], &c, 1) > 0); _exit(0); }
			close(fds[1]);
			while (wait(NULL) > 0);
			return 0;
		}
	END
	profiled 0 ./crowd
	counted 501
	jq -e '.callers.others.calls as $common | $common > 0 and $common % 10 == 0
		and ([.callers.list[].calls] | add) + $common == .calls and .processes.copied == 51' p.json
}

@test "a process that has forbidden itself every system call, and its new threads' first copies" {
	program locked <<-'END'
		static volatile int go, done;
		static void *work(void *arg)
		{
			while (!go);
			if (prctl(PR_SET_SECCOMP, SECCOMP_MODE_STRICT)) return arg;
			memcpy(to, from, 12345);
			memcpy(to, from, 12345);
			done = 1;
			for (;;);
		}
		int main(void)
		{
			pthread_t t;
			copy(1);
			pthread_create(&t, NULL, work, NULL);
			go = 1;
			while (!done) usleep(1000);
			_exit(6);
		}
	END
	profiled 6 ./locked
	counted 3
}

@test "more callers than a thread has room for: none of their copies is lost" {
	{
		for ((i = 0; i < 3000; i++)); do echo "memcpy(to, from, 12345);"; done
	} >calls.h
	program callers <<-'END'
		int main(void) {
		#include "calls.h"
		for (int i = 0; i < 2; i++) {
		#include "calls.h"
		}
		return 0; }
	END
	profiled 0 ./callers
	counted 9000
	jq -e '(.callers.list | length) > 900 and (.callers.list | length) <= 1024 and .callers.others.calls > 0
		and ([.callers.list[].calls] | add) + .callers.others.calls == .calls' p.json
}

@test "a caller is where it says" {
	program where <<-'END'
		__attribute__((noinline)) static void here(void) { memcpy(to, from, 12345); asm volatile(""); }
		int main(void) { for (int i = 0; i < 12; i++) here(); return 0; }
	END
	profiled 0 ./where
	offset=$(jq -r '.callers.list[] | select(.calls == 12).offset' p.json)
	[ "$(addr2line -f -e where "$offset" | head -n 1)" = here ]
	jq -e --arg id "$(readelf -n where | sed -n 's/.*Build ID: //p')" '.callers.list[] | select(.calls == 12) | .build_id == $id' p.json
	jq -e --arg id "$(readelf -n where | sed -n 's/.*Build ID: //p')" --arg exe "./where" '.program | .build_id == $id and .path == $exe' p.json
}

@test "the program's output, input, arguments and status are its own" {
	program echoes <<-'END'
		int main(int argc, char **argv)
		{
			char line[100];
			for (int i = 1; i < argc; i++) printf("<%s>", argv[i]);
			while (fgets(line, sizeof(line), stdin)) fputs(line, stdout);
			fputs("to stderr\n", stderr);
			return 42;
		}
	END
	code=0
	printf 'in\nput\n' | "$dmabench" profile -o p.json -- ./echoes --help -o "a b" >stdout 2>stderr || code=$?
	[ "$code" -eq 42 ]
	[ "$(cat stdout)" = "<--help><-o><a b>in
put" ]
	[ "$(grep -v '^dmabench profile: ' stderr)" = "to stderr" ]
	jq -e '.program.arguments == ["./echoes", "--help", "-o", "a b"]' p.json
}

@test "signals, limits and closed descriptors reach the program as they were" {
	program finds <<-'END'
		int main(void)
		{
			struct sigaction pipe, size;
			sigset_t blocked;
			sigaction(SIGPIPE, NULL, &pipe);
			sigaction(SIGXFSZ, NULL, &size);
			sigprocmask(0, NULL, &blocked);
			printf("%d %d %d %d %d\n", pipe.sa_handler == SIG_IGN, size.sa_handler == SIG_IGN,
			       sigismember(&blocked, SIGTERM), fcntl(0, F_GETFD), fcntl(9, F_GETFD));
			return 0;
		}
	END
	./finds <&- >before
	"$dmabench" profile -o p.json -- ./finds <&- >after 2>/dev/null
	cmp before after
	(trap '' PIPE XFSZ; ./finds) >before
	(trap '' PIPE XFSZ; "$dmabench" profile -o p.json --force -- ./finds) >after 2>/dev/null
	cmp before after
}

@test "what is sent to dmabench reaches the program" {
	program waits <<-'END'
		static void stop(int sig) { (void)sig; copy(9); _exit(5); }
		int main(void) { signal(SIGTERM, stop); puts("there"); fflush(stdout); for (;;) pause(); }
	END
	"$dmabench" profile -o p.json -- ./waits >stdout 2>stderr 3>&- &
	pid=$!
	eventually grep -q there stdout
	kill -TERM "$pid"
	code=0
	wait "$pid" || code=$?
	[ "$code" -eq 5 ]
	counted 9
}

@test "processes that are left behind are counted so far, and said" {
	program leaves <<-'END'
		int main(void)
		{
			int fds[2];
			char c;
			if (pipe(fds)) return 1;
			if (!fork()) {
				copy(6);
				printf("%d\n", getpid());
				fclose(stdout); fclose(stderr);
				if (write(fds[1], "x", 1) < 0) _exit(1);
				sleep(60);
				_exit(0);
			}
			if (read(fds[0], &c, 1) < 0) return 1;
			return 0;
		}
	END
	profiled 0 ./leaves
	counted 6
	jq -e .run.still_running p.json
	grep -q 'left processes behind' stderr
	pid=$(<stdout)
	[ "$pid" -gt 1 ]
	jq -e --argjson pid "$pid" '.processes.list[] | select(.calls >= 6) | .pid == $pid' p.json
	kill "$pid"
}

@test "the caller's LD_PRELOAD is kept, behind ours" {
	program other.so -shared -fPIC <<-'END'
		void *memcpy(void *restrict d, const void *restrict s, size_t n)
		{
			if (n == 12345) write(2, "other\n", 6);
			for (size_t i = 0; i < n; i++) ((volatile char *)d)[i] = ((const volatile char *)s)[i];
			return d;
		}
	END
	program plain <<-'END'
		int main(void) { copy(2); return 0; }
	END
	LD_PRELOAD=$PWD/other.so profiled 0 ./plain
	counted 2
	[ "$(grep -c '^other$' stderr)" -eq 2 ]
}

@test "a path with blanks and colons in it is no obstacle" {
	mkdir "a b:c"
	cp "$top/build/dmabench" "$top/build/libdmabench-profile.so" "a b:c/"
	program plain <<-'END'
		int main(void) { copy(2); return 0; }
	END
	mv plain "a b:c/"
	dmabench="$PWD/a b:c/dmabench" profiled 0 "a b:c/plain"
	counted 2
}

@test "what isn't there or can't be run: 127 and 126, as env has it" {
	expect 127 "$dmabench" profile -o p.json -- ./nosuch
	expect 127 "$dmabench" profile -o p.json -- no-such-program-anywhere
	[ "$(wc -l <stderr)" -eq 1 ]
	echo data >data
	expect 126 "$dmabench" profile -o p.json -- ./data
	expect 126 "$dmabench" profile -o p.json -- /tmp
	[ ! -e p.json ]
	# Without a first line it is the shell's.
	printf 'exit 9\n' >script
	chmod +x script
	profiled 9 ./script
}

@test "of what nothing can be seen it says so, with 3 and without running it" {
	program static -static <<-'END'
		int main(void) { puts("ran"); return 0; }
	END
	expect 3 "$dmabench" profile -o p.json -- ./static
	grep -q 'static program' stderr
	printf '#!%s/static\n' "$PWD" >script
	chmod +x script
	expect 3 "$dmabench" profile -o p.json -- ./script
	cp static foreign
	printf '\x01' | dd of=foreign bs=1 seek=4 conv=notrunc status=none
	expect 3 "$dmabench" profile -o p.json -- ./foreign
	grep -q '64-bit' stderr
	[ ! -s stdout ]
	[ ! -e p.json ]
}

@test "a setuid program of another user is refused" {
	[ "$EUID" -eq 0 ] || skip "only root can make one"
	cp /bin/true other
	chown nobody other
	chmod u+s other
	expect 3 "$dmabench" profile -o p.json -- ./other
	grep -q 'setuid' stderr
}

@test "a program that the library isn't loaded into has no profile" {
	# It is found, and becomes another before the dynamic linker sees it.
	printf '#!/usr/bin/env -S -i /bin/true\n' >script
	chmod +x script
	profiled 0 ./script
	jq -e '.processes.programs_started == 1' p.json
}

@test "wrong arguments and files that are there: exit 2, one line, nothing run" {
	refused() {
		expect 2 "$dmabench" profile "$@"
		[ "$(wc -l <stderr)" -eq 1 ]
		[ ! -e ran ]
	}
	refused
	refused --
	refused touch ran
	refused -o
	refused -o p.json
	refused --frobnicate -- touch ran
	echo old >p.json
	refused -o p.json -- touch ran
	[ "$(cat p.json)" = old ]
	"$dmabench" profile -o p.json --force -- touch ran 2>/dev/null
	[ -e ran ]
	jq -e '.schema == "dmabench-profile/1"' p.json
}

@test "a profile that can't be written is an error that says how the program ended" {
	program plain <<-'END'
		int main(void) { copy(2); return 3; }
	END
	expect 2 "$dmabench" profile -o /dev/full -- ./plain
	grep -q '/dev/full: .*status 3' stderr
}

@test "a limit that leaves no room for the counters is named" {
	limited() { (ulimit -f 64; exec "$@"); }
	expect 2 limited "$dmabench" profile -o p.json -- touch ran
	grep -q 'counters: File too large (limit of file size, ulimit -f)' stderr
	[ ! -e ran ]
}

@test "what counting costs is measured and said" {
	program plain <<-'END'
		int main(void) { copy(2); return 0; }
	END
	profiled 0 ./plain
	jq -e '.cost | .measured_calls == 620000 and .quartiles[0] <= .ns_per_call and .ns_per_call <= .quartiles[1]' p.json
	jq -e '(.cost.total_s - .cost.ns_per_call * .calls / 1e9 | fabs) < 1e-9' p.json
	grep -Eq 'counting took about -?[0-9.]+ ns a call' stderr
}
