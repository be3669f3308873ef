/*
 * A shop that sells from its stock: vectors, strings, maps, unique pointers and virtual functions to look at.
 */
#include <cstdio>
#include <map>
#include <memory>
#include <string>
#include <vector>

class Discount {
public:
    virtual ~Discount() = default;
    virtual double apply(double price) const = 0;
};

class Percent : public Discount {
public:
    explicit Percent(int percent) : percent_(percent) {}
    double apply(double price) const override
    {
        return price * (100 - percent_) / 100;
    }

private:
    int percent_;
};

struct Item {
    std::string name;
    int stock;
    double price;
    std::unique_ptr<Discount> discount;
};

class Shop {
public:
    void add(std::string name, int stock, double price, std::unique_ptr<Discount> discount = nullptr)
    {
        items_.push_back(Item{std::move(name), stock, price, std::move(discount)});
    }

    /** What was paid; 0 where there is not enough of it. */
    double sell(const std::string &name, int count)
    {
        for (Item &item : items_) {
            if (item.name != name || item.stock < count)
                continue;
            item.stock -= count;
            double paid = count * item.price;
            if (item.discount)
                paid = item.discount->apply(paid);
            sold_[name] += count;
            return paid;
        }
        return 0;
    }

    int sold(const std::string &name) const
    {
        auto found = sold_.find(name);
        return found == sold_.end() ? 0 : found->second;
    }

private:
    std::vector<Item> items_;
    std::map<std::string, int> sold_;
};

int main()
{
    Shop shop;
    shop.add("apple", 12, 0.5);
    shop.add("pear", 5, 0.8, std::make_unique<Percent>(25));
    shop.add("quince", 1, 2.0);

    double total = 0;
    for (const char *name : {"apple", "pear", "quince", "quince"})
        total += shop.sell(name, name[0] == 'q' ? 1 : 4);

    std::printf("total %.2f, %d apples, %d quinces\n", total, shop.sold("apple"), shop.sold("quince"));
    return 0;
}
