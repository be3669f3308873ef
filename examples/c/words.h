#ifndef WORDS_H
#define WORDS_H

#include <stddef.h>

/* A line a word stands on; a word's places form a list, the last line first. */
struct place {
    int line;
    struct place *before;
};

/* A word with all its places, and the words before and after it in the alphabet. */
struct word {
    char text[20];
    int count;
    struct place *places;
    struct word *left, *right;
};

enum kind { RARE, COMMON, FREQUENT };

struct summary {
    int words, different;
    int depth;
    double average_length;
    const struct word *favourite;
};

struct word *add_word(struct word *tree, const char *text, int line);
struct word *add_text(struct word *tree, const char *text);
struct summary summarize(const struct word *tree);
enum kind kind_of(const struct word *word);

#endif
