#include "words.h"

#include <ctype.h>
#include <stdlib.h>
#include <string.h>

static struct place *add_place(struct place *places, int line)
{
    struct place *place = malloc(sizeof *place);
    place->line = line;
    place->before = places;
    return place;
}

struct word *add_word(struct word *tree, const char *text, int line)
{
    if (tree == NULL) {
        tree = calloc(1, sizeof *tree);
        strncpy(tree->text, text, sizeof tree->text - 1);
    }
    int order = strcmp(text, tree->text);
    if (order < 0) {
        tree->left = add_word(tree->left, text, line);
    } else if (order > 0) {
        tree->right = add_word(tree->right, text, line);
    } else {
        tree->count++;
        tree->places = add_place(tree->places, line);
    }
    return tree;
}

struct word *add_text(struct word *tree, const char *text)
{
    char word[20];
    size_t length = 0;
    int line = 1;
    for (const char *p = text;; p++) {
        if (isalpha((unsigned char)*p)) {
            if (length < sizeof word - 1)
                word[length++] = (char)tolower((unsigned char)*p);
            continue;
        }
        if (length > 0) {
            word[length] = '\0';
            tree = add_word(tree, word, line);
            length = 0;
        }
        if (*p == '\n')
            line++;
        if (*p == '\0')
            return tree;
    }
}

static void collect(const struct word *tree, int depth, struct summary *summary)
{
    if (tree == NULL)
        return;
    summary->words += tree->count;
    summary->different++;
    summary->average_length += (double)(tree->count * (int)strlen(tree->text));
    if (depth > summary->depth)
        summary->depth = depth;
    if (summary->favourite == NULL || tree->count > summary->favourite->count)
        summary->favourite = tree;
    collect(tree->left, depth + 1, summary);
    collect(tree->right, depth + 1, summary);
}

struct summary summarize(const struct word *tree)
{
    struct summary summary = {0};
    collect(tree, 1, &summary);
    if (summary.words > 0)
        summary.average_length /= summary.words;
    return summary;
}

enum kind kind_of(const struct word *word)
{
    if (word->count >= 4)
        return FREQUENT;
    return word->count >= 2 ? COMMON : RARE;
}
