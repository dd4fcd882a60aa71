// Going through the samples of a data set or a dumped batch: what is asked for, what is under way, what has arrived. Nothing
// here waits for a disk.
#pragma once

#include <deque>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <utility>

#include "app/open_dataset.h"
#include "app/opening.h"
#include "app/panels/panel_context.h"
#include "app/recent_files.h"

namespace maskscope {

class Browser {
 public:
  Browser() = default;
  ~Browser();
  Browser(const Browser&) = delete;
  Browser& operator=(const Browser&) = delete;

  // Called, by any thread, when there is something new to draw.
  void set_wake(std::function<void()> wake) { wake_ = std::move(wake); }

  // Opens what path names. What may take its time is opened in the background; failures become messages of the session.
  void open(Session& session, const std::string& path);
  // The same for an edit that may lead to another data set. what: for people.
  void apply_in_background(Session& session, const Edit& edit, const std::string& what);

  // Once a frame, before anything is drawn: takes what has arrived.
  void update(PanelContext& context);

  // The next sample (+1) or the one before (-1) that passes the filter.
  void step(PanelContext& context, int direction);
  void go_to(PanelContext& context, std::int64_t number);
  void go_to_key(PanelContext& context, const std::string& key);
  void go_anywhere(PanelContext& context);

  SampleFilter& filter() { return filter_; }
  RecentFiles& recent() { return recent_; }

  // A session file that was opened since the last call: its path, and how it was looked at.
  struct OpenedSession {
    std::string path;
    std::shared_ptr<const SessionView> view;  // null: it does not say
  };
  std::optional<OpenedSession> take_opened_session() { return std::exchange(opened_session_, std::nullopt); }

  // What takes its time now.
  struct Progress {
    std::string sentence;
    double fraction = -1;        // 0 .. 1; negative: not known
    bool can_be_cancelled = true;
  };
  std::optional<Progress> progress(const Session& session) const;
  void cancel(Session& session);

 private:
  struct Waiting {
    Edit edit;
    std::string what;
  };
  void start_next(Session& session);
  void tell_opened(Session& session, const std::string& path, const Edit& edit, bool had_dataset);
  void take_opened(Session& session);
  void take_arrival(Session& session);
  void prefetch_neighbours(const Session& session);
  void travel(PanelContext& context, const Destination& destination);

  std::function<void()> wake_;
  Opening opening_;
  std::deque<Waiting> waiting_;                         // to be opened after it: several files dropped at once
  SampleFilter filter_;
  RecentFiles recent_;
  std::optional<OpenedSession> opened_session_;
  std::weak_ptr<OpenDataset> followed_;                 // tells us its news
  std::weak_ptr<const LoadedSample> prefetched_around_;
};

}  // namespace maskscope
