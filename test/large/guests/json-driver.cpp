// A large guest: nlohmann's JSON reading, changing and writing its own workload, as many times as the first argument
// says (default 1). The same arguments always do the same: no clock, no input.
#include <nlohmann/json.hpp>

#include <cstdio>
#include <cstdlib>
#include <map>
#include <string>
#include <vector>

using nlohmann::json;

namespace shop {

enum class State { open, paid, sent };

struct Item {
    std::string name;
    int count = 0;
    double price = 0;
};

struct Order {
    long id = 0;
    State state = State::open;
    std::vector<Item> items;
    std::map<std::string, std::string> notes;
};

NLOHMANN_JSON_SERIALIZE_ENUM(State, {{State::open, "open"}, {State::paid, "paid"}, {State::sent, "sent"}})
NLOHMANN_DEFINE_TYPE_NON_INTRUSIVE(Item, name, count, price)
NLOHMANN_DEFINE_TYPE_NON_INTRUSIVE(Order, id, state, items, notes)

} // namespace shop

namespace {

const char *const text = R"({
  "id": 4711, "state": "paid",
  "items": [
    {"name": "Stift", "count": 3, "price": 1.25},
    {"name": "caf\u00e9 \ud83d\ude00", "count": -1, "price": 1e3},
    {"name": "", "count": 0, "price": -0.5}
  ],
  "notes": {"to": "Ada", "via": "post\tand\nrail"},
  "extra": [null, true, false, [], {}, 18446744073709551615, -9223372036854775808]
})";

double total_of(const shop::Order &order)
{
    double total = 0;
    for (const shop::Item &item : order.items)
        total += item.count * item.price; // @stop:item
    return total;
}

json changed(json document)
{
    document["extra"].push_back({{"depth", {1, {2, {3}}}}}); // @stop:change
    document["items"][0]["count"] = document["items"][0]["count"].get<int>() + 4;
    document.at("/notes/via"_json_pointer) = "air";
    document.erase("state");
    const json patch = json::parse(R"([{"op": "add", "path": "/items/-", "value": {"name": "new", "count": 1, "price": 2}},
                                       {"op": "remove", "path": "/extra/0"}])");
    document = document.patch(patch); // @stop:patch
    document.merge_patch({{"notes", {{"to", nullptr}, {"from", "Grace"}}}});
    return document;
}

unsigned hash_of(const std::string &text)
{
    unsigned hash = 0;
    for (unsigned char one : text) hash = hash * 31 + one;
    return hash;
}

struct Counter : nlohmann::json_sax<json> {
    int keys = 0, values = 0, depth = 0, deepest = 0;
    bool null() override { return ++values; }
    bool boolean(bool) override { return ++values; }
    bool number_integer(number_integer_t) override { return ++values; }
    bool number_unsigned(number_unsigned_t) override { return ++values; }
    bool number_float(number_float_t, const string_t &) override { return ++values; }
    bool string(string_t &) override { return ++values; }
    bool binary(binary_t &) override { return ++values; }
    bool start_object(std::size_t) override { return enter(); }
    bool key(string_t &) override { return ++keys; }
    bool end_object() override { return depth-- > 0; }
    bool start_array(std::size_t) override { return enter(); }
    bool end_array() override { return depth-- > 0; }
    bool parse_error(std::size_t, const std::string &, const nlohmann::detail::exception &) override { return false; }

private:
    bool enter()
    {
        depth++;
        if (depth > deepest) deepest = depth; // @stop:deeper
        return true;
    }
};

} // namespace

int main(int argc, char **argv)
{
    int rounds = argc > 1 ? std::atoi(argv[1]) : 1;
    unsigned hash = 0;
    double total = 0;
    for (int round = 0; round < rounds; round++) {
        json document = json::parse(text);
        shop::Order order = document.get<shop::Order>();
        order.id += round;
        total += total_of(order); // @stop:order
        json after = changed(document);
        after["order"] = order;
        std::string dumped = after.dump(round % 2 ? -1 : 2); // @stop:dumped
        Counter counter;
        if (!json::sax_parse(dumped, &counter)) return 1;
        json flat = after.flatten();
        std::string packed;
        json::to_cbor(after, packed);
        if (json::from_cbor(packed) != after || flat.unflatten().size() != after.size()) return 2;
        hash = hash * 7 + hash_of(dumped) + counter.values + counter.keys + counter.deepest + unsigned(packed.size());
        if (round == 0) std::printf("%s\n", dumped.c_str()); // @stop:printed
    }
    json broken = json::parse("[1, 2", nullptr, false);
    std::printf("%d %.2f %08x\n", broken.is_discarded(), total, hash);
    return 0;
}
