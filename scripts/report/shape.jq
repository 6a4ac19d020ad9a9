# SPDX-License-Identifier: GPL-2.0-only
# What a result lacks of what results/result.schema.json requires of the parts that it has, and what is of
# another type there, a line each: whoever draws or prints can count on the rest. Not whether it is true.
# Null is as good as absent where it may be absent.

# Of an enumeration its values' types are held against, not the values: newer ones are no other type. What
# may be null, too, is what it may be else.
def rule($schema):
	if .["$ref"] != null then $schema["$defs"][.["$ref"] | ltrimstr("#/$defs/")]
	elif .anyOf != null and (.anyOf | length) == 2 and .anyOf[1].type == "null"
	then .anyOf[0] | rule($schema) | .type = ([.type] | flatten) + ["null"]
	else . end;
def kinds:
	if .type == null then (if .enum == null then null else [.enum[] | type] | unique end)
	else [.type] | flatten end;
def is_any($kinds): type as $is | any($kinds[]; . == $is or (. == "integer" and $is == "number"));

# Input: a value at $at, for which there is a rule.
def misfits($rule; $schema; $at):
	. as $value | ($rule | kinds) as $kinds
	| if $kinds != null and (is_any($kinds) | not) then "\($at): expected \($kinds | join(" or ")), is \(type)"
	  elif type == "object" then
		(($rule.required // [])[] | select(in($value) | not) | "\($at): \(.) is missing"),
		(to_entries[] | select(.value != null or (.key as $key | $rule.required // [] | index([$key]))) | ($rule.properties[.key]? // empty | rule($schema)) as $of
			| .key as $key | .value | misfits($of; $schema; "\($at).\($key)"))
	  elif type == "array" and ($rule.items | type) == "object" then
		($rule.items | rule($schema)) as $of
		| if $of.type == "number" or $of.type == "integer"
		  then if all(.[]; type == "number") then empty else "\($at): expected numbers" end
		  else to_entries[] | .key as $key | .value | misfits($of; $schema; "\($at)[\($key)]") end
	  else empty end;

# Cases go by their ids.
def shape_problems($schema):
	(del(.cases) | misfits($schema | .required -= ["cases"]; $schema; "") | ltrimstr(".")),
	($schema.properties.cases.items as $rule | .cases[] | .id as $id | misfits($rule; $schema; "\($id)"));
