// A cell as a layout extractor writes it, against its schematic with the same resistors and capacitors.
#include <fmt/format.h>

#include <array>
#include <cmath>

#include "characterize/own_circuit.h"

namespace mavis {
namespace {

struct Transistor {
  const char *name, *drain, *gate, *source, *bulk, *model;
  int width_nm, fingers, copies;
};
// sram_6t with its pull-downs in two copies and a pass device of two fingers.
constexpr std::array<Transistor, 6> kTransistors = {{{"mpul", "q", "qb", "vdd", "vdd", "pch", 90, 1, 1},
                                                     {"mpdl", "q", "qb", "vss", "vss", "nch", 90, 1, 2},
                                                     {"mpur", "qb", "q", "vdd", "vdd", "pch", 90, 1, 1},
                                                     {"mpdr", "qb", "q", "vss", "vss", "nch", 90, 1, 2},
                                                     {"mpgl", "bl", "wl", "q", "vss", "nch", 180, 2, 1},
                                                     {"mpgr", "blb", "wl", "qb", "vss", "nch", 180, 2, 1}}};
constexpr int kSegments = 9;  // of the wire to each terminal

// How one of the two netlists spells things.
struct Style {
  bool extracted;
  std::string node(const std::string& net, const std::string& device, int k) const {
    return extracted ? fmt::format("{}:{}<{}>", net, device, k) : fmt::format("{}_{}_{}", net, device, k);
  }
  std::string element(char letter, const std::string& name, int k) const {
    return extracted ? fmt::format("{}{}/{}", letter, name, k) : fmt::format("{}_{}_{}", letter, name, k);
  }
  std::string comment() const { return extracted ? " $X=1.250 $Y=0.705 $layer=m1" : ""; }
};

// Each terminal hangs on its net by a chain of resistors and capacitors of its own; `count` counts elements.
std::string netlist(const Style& style, int& count) {
  std::string text =
      "* cell\n*@ kind: bitcell\n*@ port wl: word_line\n*@ port bl: bit_line\n*@ port blb: bit_line_bar\n"
      "*@ port vdd: cell_supply\n*@ port vss: ground\n*@ state q: storage\n*@ state qb: storage_bar\n";
  if (style.extracted) text += ".include wrapped.inc\n";
  text += ".subckt cell wl bl blb\n+ vdd vss\n";
  std::string wires;
  for (const Transistor& t : kTransistors) {
    std::array<std::string, 3> ends;
    const std::array<const char*, 3> nets = {t.drain, t.gate, t.source};
    for (std::size_t terminal = 0; terminal < nets.size(); ++terminal) {
      const std::string wire = fmt::format("{}{}", t.name, terminal);
      std::string before = nets[terminal];
      for (int k = 0; k < kSegments; ++k) {
        const std::string node = style.node(nets[terminal], wire, k);
        const int ohm = 15 + 3 * k + static_cast<int>(terminal);
        wires +=
            fmt::format("{} {} {} {}{}\n", style.element('r', wire, k), before, node, ohm, style.comment());
        wires +=
            fmt::format("{} {} vss {}e-18{}\n", style.element('c', wire, k), node, 9 + k, style.comment());
        count += 2;
        before = node;
      }
      ends[terminal] = before;
    }
    const std::string size =
        fmt::format("w={0}n l={{lmin}} nf={1} ad={{{0}n*ldif/{1}}} as={{{0}n*ldif}} pd=0.3u ps=0.4u",
                    t.width_nm, t.fingers);
    const std::string nodes = fmt::format("{} {} {} {}", ends[0], ends[1], ends[2], t.bulk);
    ++count;
    if (!style.extracted) {
      text += fmt::format("{} {} {} {} m={}\n", t.name, nodes, t.model, size, t.copies);
    } else if (t.copies == 1) {
      text += fmt::format("x{}@1 {} {}_wrapped\n+ {}{}\n", t.name, nodes, t.model, size, style.comment());
    } else {
      for (int copy = 0; copy < t.copies; ++copy)
        text += fmt::format("{}[{}] {} {} {}{}\n", t.name, copy, nodes, t.model, size, style.comment());
    }
  }
  return text + wires + ".ends cell\n";
}

class ExtractedCell : public ::testing::TestWithParam<const char*> {};

TEST_P(ExtractedCell, GivesTheFiguresOfItsSchematic) {
  in_own_process([] {
    const TemporaryFolder folder;
    std::string wrapped;
    for (const char* model : {"nch", "pch"})
      wrapped += fmt::format(
          ".subckt {0}_wrapped d g s b w=1u l=1u nf=1 ad=0 as=0 pd=0 ps=0\n"
          "m0 d g s b {0} w={{w}} l={{l}} nf={{nf}} ad={{ad}} as={{as}} pd={{pd}} ps={{ps}}\n.ends\n",
          model);
    folder.write("extracted/wrapped.inc", wrapped);
    int elements = 0, extracted_elements = 0;
    const auto schematic = folder.write("schematic/cell.cir", netlist({false}, elements));
    const auto extracted = folder.write("extracted/cell.cir", netlist({true}, extracted_elements));
    EXPECT_GE(extracted_elements, 300);
    const plan::PvtPoint pvt{"ss", 0.9, 120};
    const plan::Measurement a = measure_bench(GetParam(), schematic, pvt);
    const plan::Measurement b = measure_bench(GetParam(), extracted, pvt);
    ASSERT_EQ(a.size(), b.size());
    for (const auto& [name, measured] : a) {
      const auto& other = b.at(name).values;
      ASSERT_EQ(measured.values.size(), other.size()) << name;
      for (std::size_t i = 0; i < other.size(); ++i)
        EXPECT_NEAR(other[i], measured.values[i], 1e-4 * std::fabs(measured.values[i]) + 1e-16)
            << name << " " << i;
    }
  });
}

INSTANTIATE_TEST_SUITE_P(Benches, ExtractedCell,
                         ::testing::Values("noise_margin", "retention", "read", "write", "leakage"),
                         [](const auto& info) { return std::string(info.param); });

// Two copies that the extractor wrote one by one vary one by one.
TEST(ExtractedCell, EveryTransistorHasMismatch) {
  in_own_process([] {
    const TemporaryFolder folder;
    folder.write(
        "wrapped.inc",
        ".subckt nch_wrapped d g s b w=1u l=1u nf=1 ad=0 as=0 pd=0 ps=0\nm0 d g s b nch w={w} l={l}\n.ends\n"
        ".subckt pch_wrapped d g s b w=1u l=1u nf=1 ad=0 as=0 pd=0 ps=0\nm0 d g s b pch w={w} "
        "l={l}\n.ends\n");
    int elements = 0;
    const plan::Subject cell = plan::read_subject(folder.write("cell.cir", netlist({true}, elements)));
    const spice::Deck deck =
        spice::build_deck(plan::find_bench("noise_margin").decks(cell, {"tt", 1, 27}, {}).at(0));
    spice::SharedSession session;
    session.load(deck.text);
    std::set<std::string> names;
    for (const pdk::Parameter& p : cell.pdk.parameters(session.devices())) {
      names.insert(p.name);
      session.set(p.device, p.parameter,
                  p.nominal + p.sigma);  // throws for a name that `alter` does not take
    }
    EXPECT_EQ(names.size(), 16u);  // threshold and gain of eight transistors
    EXPECT_TRUE(names.contains("mpdl_1_:vth") && names.contains("xmpul_1.m0:beta"));
  });
}

}  // namespace
}  // namespace mavis
