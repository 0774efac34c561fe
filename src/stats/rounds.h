// Straight-line code that measures in rounds: a stage is a coroutine that says `co_await
// rounds.measure(points)` and is resumed when somebody has told the answers.
#pragma once

#include <coroutine>
#include <exception>
#include <optional>
#include <span>
#include <utility>
#include <vector>

#include "stats/failure_probability.h"
#include "stats/points.h"

namespace mavis::stats {

// A coroutine with a result. It starts when it is awaited (or started), and its arguments must live until it
// ends: await it in the expression that calls it.
template <class T>
class Task {
 public:
  struct promise_type {
    std::optional<T> value;
    std::exception_ptr error;
    std::coroutine_handle<> continuation = std::noop_coroutine();

    struct Final {
      bool await_ready() const noexcept { return false; }
      std::coroutine_handle<> await_suspend(std::coroutine_handle<promise_type> self) const noexcept {
        return self.promise().continuation;
      }
      void await_resume() const noexcept {}
    };
    Task get_return_object() { return Task(std::coroutine_handle<promise_type>::from_promise(*this)); }
    std::suspend_always initial_suspend() const noexcept { return {}; }
    Final final_suspend() const noexcept { return {}; }
    void return_value(T result) { value = std::move(result); }
    void unhandled_exception() { error = std::current_exception(); }
  };

  explicit Task(std::coroutine_handle<promise_type> handle) : handle_(handle) {}
  Task(Task&& other) noexcept : handle_(std::exchange(other.handle_, nullptr)) {}
  Task& operator=(Task&&) = delete;
  ~Task() {
    if (handle_) handle_.destroy();
  }

  bool await_ready() const noexcept { return false; }
  std::coroutine_handle<> await_suspend(std::coroutine_handle<> caller) noexcept {
    handle_.promise().continuation = caller;
    return handle_;
  }
  T await_resume() { return take(); }

  // For the outermost task, which nobody awaits.
  void start() { handle_.resume(); }
  bool done() const { return handle_.done(); }
  T take() {
    if (handle_.promise().error) std::rethrow_exception(handle_.promise().error);
    return std::move(*handle_.promise().value);
  }

 private:
  std::coroutine_handle<promise_type> handle_;
};

// More runs were wanted than are allowed.
struct OutOfRuns {};

// The exchange between the stages and the one who measures.
class Rounds {
 public:
  explicit Rounds(std::size_t most_runs) : left_(most_runs) {}

  // Awaits the answers to `points`; nothing is asked for no points. Throws OutOfRuns when fewer are left.
  auto measure(std::vector<Point> points) {
    struct Awaiter {
      Rounds& rounds;
      bool await_ready() const { return rounds.asked_.empty(); }
      void await_suspend(std::coroutine_handle<> stage) { rounds.waiting_ = stage; }
      std::vector<Answer> await_resume() { return std::move(rounds.answers_); }
    };
    if (points.size() > left_) throw OutOfRuns{};
    left_ -= points.size();
    *counter_ += points.size();
    asked_ = std::move(points);
    answers_.clear();
    return Awaiter{*this};
  }

  std::size_t left() const { return left_; }
  std::size_t unusable() const { return unusable_; }
  // Runs from here on count into `counter`.
  void count_into(std::size_t& counter) { counter_ = &counter; }

  const std::vector<Point>& asked() const { return asked_; }
  // REQUIRES as many answers as points were asked.
  void tell(std::span<const Answer> answers) {
    answers_.assign(answers.begin(), answers.end());
    for (const Answer& a : answers) unusable_ += a.status == Answer::Status::unusable;
    asked_.clear();
    std::exchange(waiting_, nullptr).resume();
  }

 private:
  std::vector<Point> asked_;
  std::vector<Answer> answers_;
  std::coroutine_handle<> waiting_;
  std::size_t left_;
  std::size_t unusable_ = 0;
  std::size_t unclaimed_ = 0;
  std::size_t* counter_ = &unclaimed_;
};

}  // namespace mavis::stats
