// SPDX-License-Identifier: GPL-2.0-only
#include <errno.h>
#include <stddef.h>
#include <stdio.h>
#include <string.h>

#include "advise/advise.h"
#include "compare/input.h"
#include "profile/profile.h"
#include "text/escape.h"
#include "text/json_layout.h"
#include "commands.h"
#include "scripts.h"

struct advise_options {
	const char *profile, *result;
	bool json, anyway;
};

static const struct option options[] = {
	{ "--json", NULL, "as JSON, for programs and for the picture of --page", option_flag,
	  offsetof(struct advise_options, json), 0 },
	{ "--anyway", NULL, "even if the result is of another machine", option_flag,
	  offsetof(struct advise_options, anyway), 0 },
	{ 0 },
};

static int read_file(void *into, const struct option *option, const char *text)
{
	struct advise_options *o = into;
	const char **to = o->profile ? &o->result : &o->profile;

	(void)option;
	if (*to || !*text)
		return -EINVAL;
	*to = text;
	return 0;
}

static int read_arguments(int argc, char **argv, struct advise_options *o)
{
	static const struct option files = { .help = "PROFILE and RESULT, two files",
					     .read = read_file };

	*o = (struct advise_options){ 0 };
	if (options_read("advise", options, &files, o, argc, argv))
		return EXIT_USAGE;
	return o->result ? 0 : usage_error("advise", "", files.help);
}

static int complain(const char *what, const char *why, int status)
{
	fputs("dmabench advise: ", stderr);
	put_plain(stderr, what);
	fputs(": ", stderr);
	put_plain(stderr, why);
	fputc('\n', stderr);
	return status;
}

static int other(const struct advise_options *o, const char *difference)
{
	char why[200];

	snprintf(why, sizeof(why),
		 "it is of another machine than %.60s: %.40s differs (--anyway takes it)",
		 o->profile, difference);
	return complain(o->result, why, EXIT_INCOMPARABLE);
}

static int advise_on(const struct advise_options *o, const json_t *profile, const json_t *result)
{
	struct advice a = { .profile = profile, .result = result };
	int ret, status = EXIT_OK;

	a.env = advise_environment(profile, result, &a.difference);
	if (!a.env)
		return complain(o->result,
				"it is of emulated machines only: their times mean "
				"nothing",
				EXIT_INCOMPARABLE);
	if (a.difference && !o->anyway)
		return other(o, a.difference);
	if (!json_integer_value(json_object_get(profile, "calls")))
		return complain(o->profile, "no copy was counted, so there is nothing to say",
				EXIT_INCONCLUSIVE);
	ret = advise(&a);
	if (ret == -ENODATA) {
		status = complain(o->result, "no memcpy was measured and verified in it",
				  EXIT_INCONCLUSIVE);
	} else if (ret) {
		status = complain("advise", strerror(-ret), EXIT_USAGE);
	} else if (o->json) {
		json_t *json = advice_json(&a, o->profile, o->result);

		json_write(json, stdout);
		putchar('\n');
		json_decref(json);
	} else {
		advice_text(&a, stdout);
	}
	if (!ret)
		status = finish_stdout(a.verdict >= CANT_TELL ? EXIT_INCONCLUSIVE : EXIT_OK);
	advise_free(&a);
	return status;
}

static int cmd_advise(int argc, char **argv)
{
	struct advise_options o;
	json_t *profile, *result = NULL;
	char why[512];
	int ret = read_arguments(argc, argv, &o);

	if (ret)
		return ret;
	profile = profile_read(o.profile, why, sizeof(why));
	if (!profile)
		return complain(o.profile, why, EXIT_USAGE);
	result = input_read(o.result, why, sizeof(why));
	ret = result ? advise_on(&o, profile, result) : complain(o.result, why, EXIT_USAGE);
	json_decref(profile);
	json_decref(result);
	return ret;
}

const struct command command_advise = {
	.name = "advise",
	.what = "PROFILE RESULT: would another way of copying gain a program anything?",
	.usage = "[OPTIONS] PROFILE RESULT",
	.about = "what would other ways\nof copying save a program at most? PROFILE is of dmabench "
		 "profile, RESULT of dmabench run\nor dmabench bench on the same machine; "
		 "docs/profile.md has the reasoning.",
	.options = options,
	.more = page_option_rows,
	.more_about = "With pictures:",
	.after =
		"Exit status: 0 it could be said, whatever it is; 2 usage, or unreadable input; 3 "
		"it "
		"can't be\ntold: no copies, none of a size that was measured or that anything else "
		"was measured at, or\nfigures too close together; 4 the result is of another "
		"machine.",
	.run = cmd_advise,
};
