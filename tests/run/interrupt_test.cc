#include "run/interrupt.h"

#include <gtest/gtest.h>
#include <signal.h>
#include <sys/wait.h>
#include <unistd.h>

namespace mavis::run {
namespace {

// In a process of its own, as handlers stay.
int status_of(void (*body)()) {
  const pid_t child = ::fork();
  if (child == 0) {
    body();
    ::_exit(99);
  }
  int status = 0;
  ::waitpid(child, &status, 0);
  return status;
}

TEST(Interrupt, TheFirstSignalSetsTheFlag) {
  for (auto body : {+[] {
                      const auto& stop = catch_interrupts();
                      if (stop) ::_exit(1);
                      ::raise(SIGINT);
                      ::_exit(stop ? 0 : 2);
                    },
                    +[] {
                      const auto& stop = catch_interrupts();
                      ::raise(SIGTERM);
                      ::_exit(stop ? 0 : 2);
                    }}) {
    const int status = status_of(body);
    ASSERT_TRUE(WIFEXITED(status));
    EXPECT_EQ(WEXITSTATUS(status), 0);
  }
}

TEST(Interrupt, TheSecondEndsTheProgram) {
  const int status = status_of([] {
    catch_interrupts();
    ::raise(SIGINT);
    ::raise(SIGTERM);
  });
  ASSERT_TRUE(WIFSIGNALED(status));
  EXPECT_EQ(WTERMSIG(status), SIGTERM);
}

TEST(Interrupt, WakesABlockedCall) {
  const int status = status_of([] {
    const auto& stop = catch_interrupts();
    if (::fork() == 0) {
      ::usleep(50000);
      ::kill(::getppid(), SIGINT);
      ::_exit(0);
    }
    while (!stop) ::pause();
    ::_exit(0);
  });
  ASSERT_TRUE(WIFEXITED(status));
  EXPECT_EQ(WEXITSTATUS(status), 0);
}

}  // namespace
}  // namespace mavis::run
