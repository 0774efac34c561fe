// The worker process: `mavis worker FD`, started by the pool (see pool.h), never by people.
//
// It holds the one ngspice session of its process, measures one task after the other and answers each. A run
// that ngspice fails is answered and the worker goes on; when the session is lost it answers and ends.
#pragma once

namespace mavis::run {

// Talks wire.h over the socket `fd` until the other end closes or breaks the protocol, then ends the process
// without returning (the type is for `return worker_main(fd);`): libngspice must not be torn down.
// REQUIRES: nothing in this process has used ngspice.
int worker_main(int fd);

}  // namespace mavis::run
