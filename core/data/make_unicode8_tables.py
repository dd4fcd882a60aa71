#!/usr/bin/env python3
"""Writes unicode8_tables.h from UnicodeData.txt of Unicode 8.0.0 (https://www.unicode.org/Public/8.0.0/ucd/).

    make_unicode8_tables.py UnicodeData.txt > unicode8_tables.h

The HuggingFace tokenizers library classifies characters by Unicode 8.0, whatever the machine's own Unicode is.
Ids of a text must not depend on the distribution, so these few ranges are part of the source.
"""
import sys


def categories(path):
    result = {}
    first = None
    with open(path, encoding="ascii") as lines:
        for line in lines:
            fields = line.split(";")
            code = int(fields[0], 16)
            if fields[1].endswith(", First>"):
                first = code
                continue
            for each in range(code if first is None else first, code + 1):
                result[each] = fields[2]
            first = None
    return result


def ranges(codes):
    result = []
    for code in sorted(codes):
        if result and result[-1][1] == code - 1:
            result[-1][1] = code
        else:
            result.append([code, code])
    return result


def write(name, comment, table):
    print(f"// {comment}")
    print(f"inline constexpr CodePointRange {name}[] = {{")
    line = "   "
    for first, last in table:
        item = f" {{0x{first:X}, 0x{last:X}}},"
        if len(line) + len(item) > 110:
            print(line)
            line = "   "
        line += item
    print(line)
    print("};\n")


def main():
    category = categories(sys.argv[1])
    print("// Written by make_unicode8_tables.py from the Unicode Character Database 8.0.0; do not edit.")
    print("// Copyright (c) 1991-2015 Unicode, Inc. (Unicode License, https://www.unicode.org/license.txt)")
    print("#pragma once\n")
    print("namespace maskscope::unicode {\n")
    print("// Both ends belong to the range.\nstruct CodePointRange {\n  char32_t first;\n  char32_t last;\n};\n")
    write("nonspacing_marks_8", "General category Mn.", ranges(c for c in category if category[c] == "Mn"))
    write("punctuation_8", "General categories Pc, Pd, Pe, Pf, Pi, Po, Ps.",
          ranges(c for c in category if category[c][0] == "P"))
    write("controls_8", "General categories Cc and Cf.", ranges(c for c in category if category[c] in ("Cc", "Cf")))
    print("}  // namespace maskscope::unicode")


if __name__ == "__main__":
    main()
