// What a library was made of, for commands that go back from it to ngspice.
#pragma once

#include <string>

#include "plan/campaign.h"
#include "plan/subject.h"
#include "tables/library.h"

namespace mavis::cli {

// `path` names the library in errors. Throws InputError where the library does not say.
plan::Campaign campaign_of(const std::string& path, const tables::Library& library);

// The macro as it is now. Throws InputError if a netlist has changed since: what comes of that would be
// called an error of the library.
plan::Subject subject_of(const std::string& path, const tables::Library& library,
                         const plan::Campaign& campaign);

}  // namespace mavis::cli
