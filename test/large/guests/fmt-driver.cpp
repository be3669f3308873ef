// A large guest: fmt writing its own workload, as many times as the first argument says (default 1).
// The same arguments always do the same: no clock, no input.
#define FMT_HEADER_ONLY
#include <fmt/args.h>
#include <fmt/chrono.h>
#include <fmt/color.h>
#include <fmt/compile.h>
#include <fmt/format.h>
#include <fmt/ranges.h>

#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <cmath>
#include <limits>
#include <map>
#include <string>
#include <string_view>
#include <tuple>
#include <vector>

#ifdef __wasm__
// What clang brings for 128-bit integers was compiled to check the stack.
extern "C" {
void *__stack_chk_guard;
void __stack_chk_fail() { std::abort(); }
}
#endif

namespace shapes {

enum class Colour { red, green, blue };

struct Point {
    double x, y;
};

struct Polygon {
    std::string name;
    std::vector<Point> corners;
    Colour colour;
};

std::string_view name_of(Colour colour)
{
    switch (colour) {
    case Colour::red: return "red";
    case Colour::green: return "green";
    default: return "blue";
    }
}

} // namespace shapes

template <> struct fmt::formatter<shapes::Colour> : fmt::formatter<fmt::string_view> {
    template <typename Context> auto format(shapes::Colour colour, Context &context) const
    {
        auto name = shapes::name_of(colour);
        return fmt::formatter<fmt::string_view>::format({name.data(), name.size()}, context); // @stop:colour
    }
};

template <> struct fmt::formatter<shapes::Point> {
    char form = 'f';
    constexpr auto parse(fmt::format_parse_context &context)
    {
        auto at = context.begin();
        if (at != context.end() && (*at == 'f' || *at == 'e')) form = *at++;
        return at;
    }
    template <typename Context> auto format(const shapes::Point &point, Context &context) const
    {
        return form == 'f' ? fmt::format_to(context.out(), "({:.1f}, {:.1f})", point.x, point.y) // @stop:point
                           : fmt::format_to(context.out(), "({:.1e}, {:.1e})", point.x, point.y);
    }
};

namespace {

std::string numbers(int round)
{
    std::string text = fmt::format("{} {:+d} {:#x} {:#010b} {:o}", round, 42 + round, 0xbeef, 5, 64); // @stop:numbers
    text += fmt::format(" {:L} {} {}", 1234567, std::numeric_limits<std::int64_t>::min(), ~std::uint64_t{0});
    text += fmt::format(" {} {:.3f} {:e} {:g} {:a}", 0.1, 3.14159265, 6.02214076e23, 1e-7, 0.5);
    text += fmt::format(" {} {} {:08.2f}", std::numeric_limits<double>::infinity(), -std::nan(""), -1.5f); // @stop:floats
    return text;
}

std::string texts(const std::string &name)
{
    std::string text = fmt::format("{:>10}|{:<10}|{:^10}|{:*^12}|", name, "left", 'c', std::string_view("mid")); // @stop:texts
    text += fmt::format("{0:.3} {1} {0:?}", name, true);
    text += fmt::format(fmt::runtime("{:{}.{}}"), "dynamic", 12, 4);
    text += fmt::format("{a} {b:.2f}", fmt::arg("a", 7), fmt::arg("b", 2.5));
    text += fmt::format(FMT_COMPILE("{} and {}"), "compiled", 11);
    return text;
}

std::string containers(const shapes::Polygon &polygon)
{
    std::map<std::string, int> ages{{"ada", 36}, {"grace", 85}};
    std::string text = fmt::format("{} {}", ages, std::make_tuple(1, "two", 3.0)); // @stop:ranges
    text += fmt::format(" {} {:e}", polygon.colour, fmt::join(polygon.corners, "; "));
    text += fmt::format(" {}", std::vector<bool>{true, false, true});
    return text;
}

std::string times()
{
    fmt::dynamic_format_arg_store<fmt::format_context> store;
    store.push_back(std::chrono::seconds(90));
    store.push_back(std::string("late"));
    store.push_back(fmt::arg("count", 3));
    std::string text = fmt::vformat("{} {} {count}", store); // @stop:store
    text += fmt::format(" {:%H:%M:%S} {}", std::chrono::seconds(3723), std::chrono::milliseconds(15));
    text += fmt::format(fmt::emphasis::bold | fg(fmt::color::red), " {}", "red");
    return text;
}

unsigned hash_of(std::string_view text)
{
    unsigned hash = 0;
    for (unsigned char one : text) hash = hash * 31 + one;
    return hash;
}

} // namespace

int main(int argc, char **argv)
{
    int rounds = argc > 1 ? std::atoi(argv[1]) : 1;
    shapes::Polygon polygon{"triangle", {{0, 0}, {4, 0.5}, {2, -3}}, shapes::Colour::green};
    unsigned total = 0;
    for (int round = 0; round < rounds; round++) {
        std::vector<std::string> lines{numbers(round), texts("Barbara"), containers(polygon), times()};
        for (const auto &line : lines) {
            total = total * 7 + hash_of(line); // @stop:line
            if (round == 0) std::puts(line.c_str());
        }
    }
    fmt::print("total {:08x}\n", total);
    return 0;
}
