# SPDX-License-Identifier: GPL-2.0-only
# shellcheck shell=bash
# shellcheck disable=SC2154 # $sysroot and $release are doctor.sh's
#
# Why isn't the driver loaded? The kernel can't, mayn't, or nobody has asked it to.

readonly secure_boot=/sys/firmware/efi/efivars/SecureBoot-8be4df61-93ca-11d2-aa0d-00e098032b8c

# config_of: the kernel's own list of what it was built with, or nothing.
config_of() {
	local file
	for file in "/boot/config-$release" "/lib/modules/$release/build/include/config/auto.conf" \
		"/lib/modules/$release/config" "/usr/src/linux-headers-$release/.config"; do
		if [[ -r $sysroot$file ]]; then
			printf '%s\n' "$sysroot$file"
			return
		fi
	done
}

# Where it is there, so is its class.
lacks_dmaengine() {
	local config
	[[ -d $sysroot/sys/class && ! -d $sysroot/sys/class/dma ]] || return 1
	config=$(config_of)
	[[ -z $config ]] || ! grep -q '^CONFIG_DMA_ENGINE=y' "$config"
}

# What the kernel wants of modules: a word, or nothing.
wants_signatures() {
	local lockdown
	lockdown=$(text_of /sys/kernel/security/lockdown)
	if [[ $lockdown == *"[integrity]"* || $lockdown == *"[confidentiality]"* ]]; then
		lockdown=${lockdown##*\[}
		echo "the kernel is locked down (${lockdown%%\]*})"
	elif [[ $(od -An -tu1 -j4 -N1 "$sysroot$secure_boot" 2>/dev/null | tr -d ' ') == 1 ]]; then
		echo "Secure Boot is on"
	elif [[ $(text_of /sys/module/module/parameters/sig_enforce) == Y ]]; then
		echo "the kernel takes signed modules only (module.sig_enforce)"
	fi
}

# mokutil knows the machine's own keys; of a made-up machine nothing.
key_is_enrolled() {
	[[ -e $sysroot/var/lib/dkms/mok.pub ]] && have mokutil &&
		mokutil --test-key "$sysroot/var/lib/dkms/mok.pub" 2>&1 | grep -q 'is already enrolled'
}

find_signature() {
	local why key=/var/lib/dkms/mok.pub make=
	why=$(wants_signatures)
	[[ -n $why ]] || return 0
	! key_is_enrolled || return 0
	[[ -e $sysroot$key ]] || make="sudo dkms generate_mok && "
	found secure-boot "$why: a module loads only if it is signed with a key that the machine knows, and dkms's isn't" \
		"${make}sudo mokutil --import $key, choose a password, reboot, and \"Enroll MOK\" with that password"
}

find_why_not_there() {
	local module before=${#findings[@]}
	if [[ ! -e $sysroot/proc/modules ]]; then
		found no-modules "this kernel can't load modules, as in some containers" "$(called bench) --where vm"
		return
	fi
	if grep -q '^dmabench ' "$sysroot/proc/modules"; then
		found no-node "the driver is loaded, but there is no /dev/dmabench, as in a container that wasn't given it" \
			"docker run --device /dev/dmabench …, or outside of the container"
		return
	fi
	if [[ $(text_of /proc/sys/kernel/modules_disabled) == 1 ]]; then
		found modules-disabled "loading modules was switched off until the next boot (kernel.modules_disabled)" \
			"sudo reboot, without the sysctl that sets it"
	fi
	if lacks_dmaengine; then
		found no-dmaengine "this kernel ($release) is built without dmaengine (CONFIG_DMA_ENGINE), as those for clouds are" \
			"sudo apt-get install $(kernel_package), and boot that kernel"
		return
	fi
	find_signature
	module=$(module_of "$release")
	if [[ -z $module ]]; then
		find_why_not_built
		return
	fi
	find_other_vermagic "$module"
	[[ ${#findings[@]} -gt $before ]] ||
		found not-loaded "the module is there, and isn't loaded" "sudo modprobe dmabench"
}
