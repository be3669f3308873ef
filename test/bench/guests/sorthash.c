/* Calls through pointers, swaps and scattered memory: sorts `n` times, then counts in a hash table. */

enum { COUNT = 8192, SLOTS = 4096, KEYS = 2500 };

struct entry {
    unsigned key;
    unsigned count;
};

static unsigned values[COUNT];
static struct entry table[SLOTS];
static unsigned state;

static unsigned next_random(void)
{
    state = state * 1664525u + 1013904223u;
    return state >> 8;
}

static int ascending(unsigned a, unsigned b)
{
    return (a > b) - (a < b);
}

static int descending(unsigned a, unsigned b)
{
    return ascending(b, a);
}

static void swap(unsigned *a, unsigned *b)
{
    unsigned kept = *a;
    *a = *b;
    *b = kept;
}

static void sort(unsigned *items, int low, int high, int (*compare)(unsigned, unsigned))
{
    while (low < high) {
        unsigned pivot = items[low + (high - low) / 2];
        int i = low, j = high;
        while (i <= j) {
            while (compare(items[i], pivot) < 0)
                i++;
            while (compare(items[j], pivot) > 0)
                j--;
            if (i <= j)
                swap(&items[i++], &items[j--]);
        }
        if (j - low < high - i) {
            sort(items, low, j, compare);
            low = i;
        } else {
            sort(items, i, high, compare);
            high = j;
        }
    }
}

static unsigned hash(unsigned key)
{
    key ^= key >> 15;
    key *= 0x2c1b3c6du;
    key ^= key >> 12;
    return key;
}

/* The slot of a key, by linear probing; key 0 marks a free one. */
static struct entry *find(unsigned key)
{
    unsigned slot = hash(key) % SLOTS;
    while (table[slot].key != 0 && table[slot].key != key)
        slot = (slot + 1) % SLOTS;
    return &table[slot];
}

static void count_value(unsigned value)
{
    struct entry *entry = find(value % KEYS + 1);
    entry->key = value % KEYS + 1;
    entry->count++;
}

static unsigned checksum(void)
{
    unsigned sum = 0;
    for (int i = 0; i < COUNT; i += 64)
        sum = sum * 31 + values[i];
    for (unsigned key = 1; key <= KEYS; key += 50)
        sum = sum * 31 + find(key)->count;
    return sum;
}

__attribute__((export_name("run"))) int run(int n)
{
    unsigned total = 0;
    state = 12345;
    for (int i = 0; i < SLOTS; i++)
        table[i].key = table[i].count = 0;
    for (int round = 0; round < n; round++) {
        for (int i = 0; i < COUNT; i++)
            values[i] = next_random();
        sort(values, 0, COUNT - 1, round % 2 == 0 ? ascending : descending);
        for (int i = 0; i < COUNT; i++)
            count_value(values[i]);
        total += checksum();
    }
    return (int)total;
}
