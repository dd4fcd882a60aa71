#include "app/document.h"

namespace maskscope {

Document default_document() {
  Document document;
  document.scheme = default_scheme();
  return document;
}

}  // namespace maskscope
