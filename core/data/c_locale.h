// The thread's character set is plain bytes while this lives.
#pragma once

#include <clocale>
#include <locale.h>

namespace maskscope {

// libarchive converts the UTF-8 names of pax headers to the user's character set; in this one it leaves them as they are.
class CLocale {
 public:
  CLocale() : before_(uselocale(shared())) {}
  ~CLocale() { uselocale(before_); }
  CLocale(const CLocale&) = delete;
  CLocale& operator=(const CLocale&) = delete;

 private:
  static locale_t shared() {
    static const locale_t locale = newlocale(LC_CTYPE_MASK, "C", nullptr);  // lives as long as the program
    return locale;
  }
  locale_t before_;
};

}  // namespace maskscope
