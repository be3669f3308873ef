/* A function with twenty locals of the kinds that programs have, to step through. */

struct point {
    int x, y;
};

struct item {
    const char *name;
    struct item *next;
    double weight;
};

enum colour { RED, GREEN, BLUE };

static struct item last = {"last", 0, 2.5};
static struct item first = {"first", &last, 1.5};

__attribute__((export_name("run"))) int run(int n)
{
    int sum = 0;
    unsigned count = (unsigned)n;
    long long large = 1;
    double mean = 0;
    float ratio = 0.5f;
    char letter = 'a';
    _Bool done = 0;
    enum colour colour = RED;
    const char *text = "a line of text";
    struct item *item = &first;
    struct point point = {1, 2};
    struct point corners[4] = {{0, 0}, {0, 1}, {1, 1}, {1, 0}};
    int numbers[8] = {1, 2, 3, 5, 8, 13, 21, 34};
    short small = -1;
    unsigned char byte = 255;
    unsigned long long bits = 0;
    int (*self)(int) = run;
    char buffer[16] = "buffer";
    int index = 0;
    while (!done) { /* @stop:locals-body */
        sum += numbers[index % 8];
        large *= 3;
        mean = (double)sum / (index + 1);
        ratio = (float)mean / 2;
        letter = (char)('a' + index % 26);
        colour = (enum colour)(index % 3);
        item = item->next ? item->next : &first;
        point.x += corners[index % 4].x;
        point.y += corners[index % 4].y;
        buffer[index % 6] = letter;
        small--;
        byte ^= (unsigned char)index;
        bits = bits << 1 | (unsigned)(index & 1);
        index++;
        done = index >= n;
    }
    int check = sum + (int)large + (int)count + colour + small + byte + (int)bits;
    return check + (text != 0) + (self != 0) + (ratio > 0);
}
