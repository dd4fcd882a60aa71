// Sentences in which places of the window are named, put together from translated patterns.
//
//   LinkMaker links;
//   line.set(fill(tr("meets {0}"), links.to({PlaceKind::table, 3}, tr("the table"))), links);
#pragma once

#include <cstddef>
#include <string>
#include <vector>

#include "app/view_place.h"

namespace maskscope {

struct PlaceLink {
  std::size_t begin = 0, end = 0;  // bytes of the sentence
  ViewPlace place;
};

struct LinkedSentence {
  std::string text;
  std::vector<PlaceLink> links;  // in the order of the text; they do not overlap
};

// Marks parts of a text as links while it is still being filled into patterns, whose translations may turn the order about.
class LinkMaker {
 public:
  // label between marks; finish takes them out again.
  std::string to(const ViewPlace& place, const std::string& label);
  LinkedSentence finish(const std::string& marked) const;

 private:
  std::vector<ViewPlace> places_;
};

}  // namespace maskscope
