// Kits as foundries hand them out, around the figures of ptm45hp: the same transistors in other clothes, so
// that circuits must behave as with ptm45hp itself.
#pragma once

#include <gtest/gtest.h>

#include <cstdlib>
#include <filesystem>
#include <string>

#include "temporary_folder.h"
#include "util/files.h"

namespace mavis {

class SampleKit {
 public:
  static constexpr const char* kVariable = "MAVIS_SAMPLE_KITS";

  // A folder with pdk.toml, and one with the kit in models/, which $MAVIS_SAMPLE_KITS finds.
  SampleKit() { ::setenv(kVariable, folder_.path().c_str(), 1); }
  ~SampleKit() { ::unsetenv(kVariable); }

  std::string pdk() const { return (folder_.path() / "pdk").string(); }
  void write(const std::string& file, const std::string& text) { folder_.write(file, text); }
  std::filesystem::path path() const { return folder_.path(); }

  // Sections tt and ss; each transistor is a sub-circuit that counts in micrometres, with two bins inside;
  // mismatch of its own under a switch.
  void make_subcircuits() {
    const auto device = [](const std::string& name, const std::string& type, const std::string& card) {
      return ".subckt " + name +
             " d g s b\n.param w=1 l=1 ad=0 as=0 pd=0 ps=0 nf=1 mult=1\n.param draw={agauss(0,1,1)}\n" + "m" +
             name + " d g s b " + name + "__model w={w} l={l} ad={ad} as={as} pd={pd} ps={ps} nf={nf}\n" +
             "+ delvto={mm_switch*draw*0.002/sqrt(w*l*mult)}\n" + bins(name + "__model", type, card) +
             ".ends " + name + "\n";
    };
    write("demo/lib/devices.inc", "* devices\n.option scale=1.0u\n" + device("demo_nfet", "nmos", "nch") +
                                      device("demo_pfet", "pmos", "pch"));
    write("demo/lib/demo.lib",
          "* library\n.lib tt\n" + shifts("tt") + ".include 'devices.inc'\n.endl tt\n.lib ss\n" +
              shifts("ss") +
              ".include 'devices.inc'\n.endl ss\n.lib unused\n.include 'not there.inc'\n.endl\n");
    write_toml(R"(folder = "demo"
prelude = [".param mm_switch=0"])",
               R"(nmos = { subcircuit = "demo_nfet", inner = "mdemo_nfet" }
pmos = { subcircuit = "demo_pfet" }
unit = "um")",
               "library = \"lib/demo.lib\"\nsection = \"tt\"",
               "library = \"lib/demo.lib\"\nsection = \"ss\"");
  }

  // A file a device and corner, models with bins under the names of the kit, in metres.
  void make_includes() {
    for (const std::string corner : {"tt", "ss"}) {
      write("demo/" + corner + "/n.inc", shifts(corner) + bins("NFET", "nmos", "nch"));
      write("demo/" + corner + "/p.inc", shifts(corner) + bins("PFET", "pmos", "pch"));
    }
    write_toml("folder = \"demo\"", "nmos = \"NFET\"\npmos = \"PFET\"",
               "includes = [\"tt/n.inc\", \"tt/p.inc\"]", "includes = [\"ss/n.inc\", \"ss/p.inc\"]");
  }

  // Replaces the first `before` in `file`; it must be there.
  SampleKit& change(const std::string& file, const std::string& before, const std::string& after) {
    std::string text = read_text(folder_.path() / file, "file");
    const std::size_t at = text.find(before);
    EXPECT_NE(at, text.npos) << before;
    if (at != text.npos) write(file, text.replace(at, before.size(), after));
    return *this;
  }

 private:
  static std::string ours(const std::string& file) {
    return read_text(std::filesystem::path(MAVIS_TEST_SOURCE_DIR) / "pdk" / "ptm45hp" / file, "file");
  }

  // The shifts of a corner, ".param" lines.
  static std::string shifts(const std::string& corner) {
    const std::string text = ours(corner + ".inc");
    const std::size_t begin = text.find(".param");
    return text.substr(begin, text.find(".include") - begin);
  }

  // The parameters of a card of ptm45hp as two bins of another model, which meet at 150 nm of width.
  static std::string bins(const std::string& name, const std::string& type, const std::string& card) {
    const std::string text = ours("models.inc");
    const std::size_t begin = text.find(".model " + card), body = text.find('\n', begin) + 1;
    const std::string parameters = text.substr(body, text.find("\n\n", body) - body) + "\n";
    const std::string level = " " + type + "\n* Flags\n+ level = 54 $ BSIM4\n+ version = 4.0\n";
    return ".model " + name + ".0" + level + "+ lmin=2e-8 lmax=1e-6 wmin=5e-8 wmax=1.5e-7\n" + parameters +
           ".model " + name + ".1" + level + "+ lmin=2e-8 lmax=1e-6 wmin=1.5e-7 wmax=1e-4\n" + parameters;
  }

  // ptm45hp's pdk.toml with other devices and the corners tt and ss of the kit.
  void write_toml(const std::string& kit, const std::string& devices, const std::string& tt,
                  const std::string& ss) {
    std::string text = ours("pdk.toml");
    const auto section = [&](const std::string& head) { return text.find("\n" + head) + 1; };
    const std::string after =
        text.substr(section("[supply]"), section("[expected.tt]") - section("[supply]"));
    const std::string origin = "\nbasis = \"read\"\nsource = \"zhao2006\"\n\n";
    write("pdk/pdk.toml", text.substr(0, section("[devices]")) + "[kit]\nvariable = \"" + kVariable + "\"\n" +
                              kit + "\n\n[devices]\n" + devices +
                              "\n\n[[corner]]\nname = \"tt\"\nsummary = \"typical\"\n" + tt + origin +
                              "[[corner]]\nname = \"ss\"\nsummary = \"slow\"\n" + ss + origin + after);
  }

  TemporaryFolder folder_;
};

}  // namespace mavis
