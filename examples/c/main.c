/*
 * Which words a text has, how often, and on which lines: of the file given as first argument, or of
 * the verse below.
 */
#include <stdio.h>
#include <stdlib.h>

#include "words.h"

static const char verse[] = "The sea is calm, the wind is low,\n"
                            "the ship lies waiting in the bay;\n"
                            "the tide will turn, the wind will blow,\n"
                            "and with the wind we sail away.\n";

static const char *const kind_names[] = {"rare", "common", "frequent"};

static void print_places(const struct place *places)
{
    if (places == NULL)
        return;
    print_places(places->before);
    printf(" %d", places->line);
}

static void print_words(const struct word *tree, enum kind wanted)
{
    if (tree == NULL)
        return;
    print_words(tree->left, wanted);
    if (kind_of(tree) >= wanted) {
        printf("%-12s %2d  on", tree->text, tree->count);
        print_places(tree->places);
        printf("\n");
    }
    print_words(tree->right, wanted);
}

static char *read_file(const char *path)
{
    FILE *file = fopen(path, "r");
    if (file == NULL) {
        perror(path);
        exit(1);
    }
    size_t length = 0, room = 4096;
    char *text = malloc(room);
    size_t got;
    while ((got = fread(text + length, 1, room - length - 1, file)) > 0) {
        length += got;
        if (length + 1 == room)
            text = realloc(text, room *= 2);
    }
    text[length] = '\0';
    fclose(file);
    return text;
}

int main(int argc, char **argv)
{
    const char *text = argc > 1 ? read_file(argv[1]) : verse;
    struct word *tree = add_text(NULL, text);
    struct summary summary = summarize(tree);
    enum kind kind = summary.words > 100 ? FREQUENT : COMMON;

    printf("%d words, %d different, %.1f letters on average\n", summary.words, summary.different,
           summary.average_length);
    printf("at least %s:\n", kind_names[kind]);
    print_words(tree, kind);
    return 0;
}
