// YAML as PyYAML reads it, and what is refused.
#include <cmath>

#include "core/data/yaml_document.h"
#include "core/data/yaml_scalar.h"
#include "core/error.h"
#include "tests/catch.h"

namespace maskscope {
namespace {

YamlNode scalar(const std::string& text) {
  YamlNode node;
  node.text = text;
  CHECK(resolve_plain_scalar(node).empty());
  return node;
}

std::string error_of(const std::string& text) {
  try {
    read_yaml(text, "some.yaml");
  } catch (const Error& error) {
    return error.what();
  }
  return "no error";
}

std::string repeated(const std::string& text, int count) {
  std::string out;
  for (int i = 0; i < count; ++i) out += text;
  return out;
}

}  // namespace

TEST_CASE("plain scalars are what PyYAML makes of them") {
  struct Case {
    const char* text;
    YamlKind kind;
    double number;
  };
  for (const Case& c : std::initializer_list<Case>{{"1", YamlKind::integer, 1},
                                                   {"1_000", YamlKind::integer, 1000},
                                                   {"-1_0", YamlKind::integer, -10},
                                                   {"010", YamlKind::integer, 8},
                                                   {"0x10", YamlKind::integer, 16},
                                                   {"0b11", YamlKind::integer, 3},
                                                   {"1:30", YamlKind::integer, 90},
                                                   {"-1:30", YamlKind::integer, -90},
                                                   {"0", YamlKind::integer, 0},
                                                   {"00", YamlKind::integer, 0},
                                                   {"1.", YamlKind::real, 1},
                                                   {".5", YamlKind::real, 0.5},
                                                   {"+2.5", YamlKind::real, 2.5},
                                                   {"1_000.5", YamlKind::real, 1000.5},
                                                   {"1.0e-9", YamlKind::real, 1e-9},
                                                   {"6.8523015e+2", YamlKind::real, 685.23015},
                                                   {"1:30.5", YamlKind::real, 90.5},
                                                   {".inf", YamlKind::real, INFINITY},
                                                   {"-.INF", YamlKind::real, -INFINITY},
                                                   {"1.0e-400", YamlKind::real, 0.0},
                                                   {"1.0e+400", YamlKind::real, INFINITY}}) {
    INFO(c.text);
    const YamlNode node = scalar(c.text);
    CHECK(node.kind == c.kind);
    CHECK(node.number == c.number);
  }
  CHECK(std::isnan(scalar(".nan").number));
  for (const char* text : {"1e-9", "1.0e3", "1e3", "08", "0o10", "1:60", "_1", "-.5", "inf", "nan", "1.0.0", "0.1-0.2", "y", "n",
                           "<<", "-", "1 2", "0x", "1,5"}) {
    INFO(text);
    CHECK(scalar(text).kind == YamlKind::string);
  }
  for (const char* text : {"yes", "Yes", "ON", "true", "True"})
    CHECK((scalar(text).kind == YamlKind::boolean && scalar(text).is_true));
  for (const char* text : {"no", "No", "OFF", "false", "False"})
    CHECK((scalar(text).kind == YamlKind::boolean && !scalar(text).is_true));
  for (const char* text : {"", "~", "null", "Null", "NULL"}) CHECK(scalar(text).kind == YamlKind::null);
  for (const char* text : {"2024-05-31", "2024-5-1 1:02:03", "2024-05-31T01:02:03.5Z", "2024-05-31t01:02:03+01:30"})
    CHECK(scalar(text).kind == YamlKind::date);
  for (const char* text : {"2024-5-1", "2024-05-31T01", "2024-05-31x"}) CHECK(scalar(text).kind == YamlKind::string);
  YamlNode node;
  node.text = "0x_";
  CHECK_THAT(resolve_plain_scalar(node), contains_text("looks like a number to YAML and is none"));
}

TEST_CASE("numbers in texts are read as Python's float reads them") {
  CHECK(python_float(" 0.5 ") == 0.5);
  CHECK(python_float("1_0.5") == 10.5);
  CHECK(python_float("1e3") == 1000.0);
  CHECK(python_float("-.5E-1") == -0.05);
  CHECK(python_float("+5.") == 5.0);
  CHECK(python_float("-Infinity") == -INFINITY);
  CHECK(python_float("1e400") == INFINITY);
  CHECK(std::isnan(*python_float("NaN")));
  for (const char* text : {"", " ", "1e", "_1", "1_", "1__0", "0x10", "1,5", "--1", "+-1", "1 2", ".", "e5", "abc", "infinit"}) {
    INFO(text);
    CHECK_FALSE(python_float(text).has_value());
  }
}

TEST_CASE("numbers are written so that YAML 1.1 reads them back") {
  for (const double number : {0.0, 1.0, 0.5, 1e-9, 3e-7, 1e9, 1e20, 1e300, 5e-324, 0.1, 1.0 / 3.0, 123456789.125}) {
    INFO(yaml_float(number));
    CHECK(scalar(yaml_float(number)).kind == YamlKind::real);
    CHECK(scalar(yaml_float(number)).number == number);
  }
  CHECK(yaml_float(1e-9) == "1.0e-09");
  CHECK(yaml_float(5.0) == "5.0");
}

TEST_CASE("merges, aliases and double keys are those of PyYAML, and double keys are told") {
  const YamlDocument document = read_yaml(
      "base: &b {x: 1, y: 2}\nother: &o {y: 3, z: 4}\nall:\n  x: 5\n  <<: [*b, *o]\n  w: 6\n  w: 7\nlist: &l [1, 2]\nsame: *l\n",
      "some.yaml");
  const YamlNode* all = document.root->find("all");
  REQUIRE(all != nullptr);
  CHECK(all->find("x")->number == 5);
  CHECK(all->find("y")->number == 2);
  CHECK(all->find("z")->number == 4);
  CHECK(all->find("w")->number == 7);
  CHECK(document.root->share("same") == document.root->share("list"));
  REQUIRE(document.remarks.size() == 1);
  CHECK(document.remarks[0].place.line == 7);
  CHECK(document.remarks[0].sentence ==
        "The key w stands here a second time in the same map (first in line 6). Take one of the two out.");
}

TEST_CASE("places count bytes from the start of the file, lines and columns from 1") {
  const std::string text = "\xEF\xBB\xBF# \xC3\xA9\xE2\x80\xA6\r\na:\r\n  - \xF0\x9F\x98\x80\r\n  - 'x'\r\n";
  const YamlDocument document = read_yaml(text, "some.yaml");
  const YamlNode& item = *document.root->find("a")->items[1];
  CHECK(text.substr(item.place.offset, 3) == "'x'");
  CHECK(item.place.line == 4);
  CHECK(item.place.column == 5);
}

TEST_CASE("YAML that is wrong is refused with line and column") {
  CHECK(error_of("a: [1, 2\nb: 3\n").starts_with("some.yaml, line 2, column "));
  CHECK_THAT(error_of("a: [1, 2\nb: 3\n"), contains_text("this is not valid YAML"));
  CHECK_THAT(error_of("a:\n\tb: 1\n"), contains_text("some.yaml, line 2, column "));
  CHECK_THAT(error_of("a: b: c\n"), contains_text("not valid YAML"));
  CHECK_THAT(error_of("a: *nobody\n"), contains_text("not valid YAML"));
  CHECK_THAT(error_of("a: \"x"), contains_text("not valid YAML"));
  CHECK(error_of("a: \xff\n") == "some.yaml, line 1, column 4: byte 3 is not UTF-8. Save the file as UTF-8.");
  CHECK(error_of(std::string("a: b\nc: \0\n", 10)) ==
        "some.yaml, line 2, column 4: byte 8 is a control character, which YAML doesn't allow. Take it out.");
  CHECK_THAT(error_of("\xFF\xFE"
                      "a"),
             contains_text("is not UTF-8"));
  CHECK_THAT(error_of("a: 1\n---\nb: 2\n"), contains_text("a second document begins here"));
  CHECK_THAT(error_of("? [1, 2]\n: 3\n"), contains_text("a list of 2 stands as a key"));
  CHECK_THAT(error_of("a: !!python/object:os.system x\n"),
             contains_text("the tag tag:yaml.org,2002:python/object:os.system on \"x\" is not read"));
  CHECK_THAT(error_of("a: !!python/tuple [1]\n"), contains_text("is not read"));
  CHECK_THAT(error_of("a: !!int x\n"), contains_text("is not read"));
  CHECK_THAT(error_of("a: &x 1\nb: &x 2\n"), contains_text("the anchor &x is defined a second time"));
  CHECK_THAT(error_of("a: {<<: 5}\n"), contains_text("\"<<\" merges a map"));
  CHECK_THAT(error_of("a: {<<: [5]}\n"), contains_text("\"<<\" merges maps"));
  CHECK_THAT(error_of("a: 0x_\n"), contains_text("some.yaml, line 1, column 4: \"0x_\" looks like a number"));
}

TEST_CASE("YAML bombs, cycles and depth are refused before they cost anything") {
  std::string bomb = "a: &a [x,x,x,x,x,x,x,x,x,x]\n";
  for (char name = 'b'; name <= 'z'; ++name) {
    bomb += std::string(1, name) + ": &" + name + " [";
    for (int i = 0; i < 10; ++i) bomb += std::string(i > 0 ? "," : "") + "*" + static_cast<char>(name - 1);
    bomb += "]\n";
  }
  CHECK_THAT(error_of(bomb), contains_text("with its aliases written out the document has"));
  CHECK_THAT(error_of("a: &a " + std::string(100'000, 'x') + "\nb: [" + repeated("*a, ", 200) + "]\n"),
             contains_text("bytes of text here"));
  CHECK_THAT(error_of("a: &a [*a]\n"), contains_text("this alias stands inside the very value it names"));
  CHECK_THAT(error_of("a: &a\n  b: {c: *a}\n"), contains_text("this alias stands inside the very value it names"));
  CHECK_THAT(error_of(std::string(1'000'000, '[')), contains_text("nested deeper than 32"));
  CHECK_THAT(error_of(repeated("- ", 100'000)), contains_text("nested deeper than 32"));
  CHECK_THAT(error_of(repeated("? ", 100'000)), contains_text("nested deeper than 32"));
  CHECK_THAT(error_of("[" + repeated("a,", 100'001) + "]"), contains_text("at most 100000"));
  CHECK_THAT(error_of(std::string(max_yaml_bytes + 1, ' ')),
             contains_text("4194305 bytes long, at most 4194304 bytes of YAML are read"));
  CHECK(read_yaml("", "some.yaml").root->kind == YamlKind::null);
  CHECK(read_yaml("# nothing\n", "some.yaml").root->kind == YamlKind::null);
}

TEST_CASE("any cut of a configuration is read or refused, nothing else") {
  const std::string text = "a: &x {b: [1, 2.5, 'c', \"d\\x41\"], e: ~}\n# f\ng: *x\nh: |\n  i\n  j\nk: !!str 5\n<<: *x\n";
  int num_read = 0, num_refused = 0;
  for (std::size_t length = 0; length <= text.size(); ++length) {
    for (const char* end : {"", "\n", "*x", "[", "\xC3"}) {
      (error_of(text.substr(0, length) + end) == "no error" ? num_read : num_refused)++;
    }
  }
  CHECK(num_read > 100);
  CHECK(num_refused > 100);
}

}  // namespace maskscope
