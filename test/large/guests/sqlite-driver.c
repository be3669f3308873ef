/*
 * A large guest: SQLite answering its own workload in memory, as many times as the first argument says (default 1).
 * The same arguments always do the same: no file, no clock, no random seed, no input.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "sqlite3.h"

/* What SQLite wants of a system; of files there are none. */
static int open_nothing(sqlite3_vfs *vfs, const char *name, sqlite3_file *file, int flags, int *out)
{
    file->pMethods = 0;
    return SQLITE_CANTOPEN;
}

static int random_bytes(sqlite3_vfs *vfs, int size, char *bytes)
{
    for (int i = 0; i < size; i++)
        bytes[i] = (char)(i * 37 + 11);
    return size;
}

static int sleep_not_at_all(sqlite3_vfs *vfs, int microseconds) { return microseconds; }

static int always_the_same_time(sqlite3_vfs *vfs, double *julian_day)
{
    *julian_day = 2460000.5;
    return SQLITE_OK;
}

static int full_path(sqlite3_vfs *vfs, const char *name, int size, char *out)
{
    snprintf(out, size, "%s", name);
    return SQLITE_OK;
}

int sqlite3_os_init(void)
{
    static sqlite3_vfs nowhere = {
        .iVersion = 1,
        .szOsFile = sizeof(sqlite3_file),
        .mxPathname = 64,
        .zName = "nowhere",
        .xOpen = open_nothing,
        .xFullPathname = full_path,
        .xRandomness = random_bytes,
        .xSleep = sleep_not_at_all,
        .xCurrentTime = always_the_same_time,
    };
    return sqlite3_vfs_register(&nowhere, 1);
}

int sqlite3_os_end(void) { return SQLITE_OK; }

/*
 * Memory as SQLite gets it is zero, so that what has no value yet is the same on every machine. In front of each piece
 * is its size.
 */
static void *get_zeroed(int size)
{
    long long *piece = calloc(1, (size_t)size + 8);
    if (!piece) return 0;
    *piece = size;
    return piece + 1;
}

static int size_of(void *memory) { return memory ? (int)((long long *)memory)[-1] : 0; }

static void give_back(void *memory) { free((long long *)memory - 1); }

static void *resize(void *memory, int size)
{
    void *other = get_zeroed(size);
    if (!other) return 0;
    memcpy(other, memory, size_of(memory) < size ? size_of(memory) : size);
    give_back(memory);
    return other;
}

static int round_up(int size) { return (size + 7) & ~7; }
static int begin_memory(void *data) { return SQLITE_OK; }
static void end_memory(void *data) {}

static sqlite3_mem_methods zeroed_memory = {
    get_zeroed, give_back, resize, size_of, round_up, begin_memory, end_memory, 0,
};

static const char schema[] =
    "CREATE TABLE author(id INTEGER PRIMARY KEY, name TEXT NOT NULL UNIQUE, born INTEGER);"
    "CREATE TABLE book(id INTEGER PRIMARY KEY, author INTEGER REFERENCES author(id), title TEXT, price REAL,"
    "                  cover BLOB);"
    "CREATE TABLE history(what TEXT, book INTEGER, amount REAL);"
    "CREATE INDEX book_by_author ON book(author, price DESC);"
    "CREATE INDEX cheap_book ON book(title) WHERE price < 10;"
    "CREATE TRIGGER price_changed AFTER UPDATE OF price ON book BEGIN"
    "  INSERT INTO history VALUES('price', new.id, new.price - old.price);"
    "END;"
    "CREATE TRIGGER book_gone BEFORE DELETE ON book BEGIN"
    "  INSERT INTO history VALUES('gone', old.id, -old.price);"
    "END;"
    "CREATE VIEW listed AS SELECT author.name, book.title, book.price FROM book JOIN author ON author.id = book.author;";

static const struct question {
    const char *name;
    const char *sql;
} questions[] = {
    {"join", "SELECT name, count(*), round(sum(price), 2) FROM listed GROUP BY name HAVING count(*) > 2 ORDER BY 3 DESC"},
    {"index", "SELECT title FROM book INDEXED BY book_by_author WHERE author = 3 AND price BETWEEN 5 AND 25 ORDER BY price"},
    {"trigger", "SELECT what, count(*), round(total(amount), 3) FROM history GROUP BY what ORDER BY what"},
    {"recursion", "WITH RECURSIVE fib(n, a, b) AS (VALUES(1, 0, 1) UNION ALL SELECT n + 1, b, a + b FROM fib WHERE n < 20)"
                  " SELECT max(a), sum(a), group_concat(a, ' ') FROM fib"},
    {"window", "SELECT title, rank() OVER (PARTITION BY author ORDER BY price), sum(price) OVER (ORDER BY id) FROM book"
               " WHERE id % 9 = 0"},
    {"text", "SELECT upper(substr(title, 1, 4)) || printf('%05.1f', price), hex(cover), instr(title, '7'), quote(NULL)"
             " FROM book WHERE title LIKE '%1%' LIMIT 6"},
    {"nested", "SELECT name, (SELECT max(price) FROM book WHERE author = a.id) FROM author a"
               " WHERE EXISTS (SELECT 1 FROM book WHERE author = a.id AND price > 60) ORDER BY born"},
    {"json", "SELECT json_extract('{\"a\": [1, {\"b\": 2.5}]}', '$.a[1].b'), json_group_array(id) FROM author"},
};

enum { QUESTIONS = sizeof questions / sizeof questions[0] };

struct answer {
    int rows;
    unsigned hash;
    char last[40];
};

static void check(sqlite3 *db, int status, const char *what)
{
    if (status == SQLITE_OK || status == SQLITE_DONE || status == SQLITE_ROW) return;
    fprintf(stderr, "%s: %s\n", what, sqlite3_errmsg(db));
    exit(1);
}

static int add_row(void *context, int count, char **values, char **names)
{
    struct answer *answer = context;
    answer->rows++; /* @stop:row */
    for (int i = 0; i < count; i++)
        for (const char *at = values[i] ? values[i] : "NULL"; *at; at++)
            answer->hash = answer->hash * 31 + (unsigned char)*at;
    snprintf(answer->last, sizeof answer->last, "%s", values[0] ? values[0] : "NULL");
    return 0;
}

static void fill(sqlite3 *db)
{
    static const char *names[] = {"Ada", "Grace", "Edsger", "Barbara", "Donald", "Tony"};
    sqlite3_stmt *author, *book;
    check(db, sqlite3_exec(db, "BEGIN", 0, 0, 0), "begin");
    check(db, sqlite3_prepare_v2(db, "INSERT INTO author VALUES(?, ?, ?)", -1, &author, 0), "author");
    for (int i = 0; i < 6; i++) {
        sqlite3_bind_int(author, 1, i + 1);
        sqlite3_bind_text(author, 2, names[i], -1, SQLITE_STATIC);
        sqlite3_bind_int(author, 3, 1900 + i * 7 % 40);
        check(db, sqlite3_step(author), "author"); /* @stop:author */
        sqlite3_reset(author);
    }
    sqlite3_finalize(author);
    check(db, sqlite3_prepare_v2(db, "INSERT INTO book(author, title, price, cover) VALUES(?1, ?2, ?3, ?4)", -1, &book, 0),
          "book");
    for (int i = 0; i < 120; i++) {
        char title[32];
        unsigned char cover[3] = {(unsigned char)i, (unsigned char)(i * i), 0xff};
        snprintf(title, sizeof title, "Volume %d of %d", i * 7 % 120, i % 6);
        sqlite3_bind_int(book, 1, i % 6 + 1);
        sqlite3_bind_text(book, 2, title, -1, SQLITE_TRANSIENT);
        sqlite3_bind_double(book, 3, i * 37 % 100 + 0.25);
        sqlite3_bind_blob(book, 4, cover, sizeof cover, SQLITE_TRANSIENT);
        check(db, sqlite3_step(book), "book"); /* @stop:book */
        sqlite3_reset(book);
    }
    sqlite3_finalize(book);
    check(db, sqlite3_exec(db, "COMMIT", 0, 0, 0), "commit");
}

static void change(sqlite3 *db)
{
    char *message = 0;
    check(db, sqlite3_exec(db, "UPDATE book SET price = price * 1.1 WHERE author IN (SELECT id FROM author WHERE born > 1910)", 0, 0, 0),
          "update");
    check(db, sqlite3_exec(db, "DELETE FROM book WHERE price < 4; ANALYZE; REINDEX book_by_author", 0, 0, 0), "delete");
    if (sqlite3_exec(db, "SELECT missing FROM nowhere", 0, 0, &message) != SQLITE_ERROR) exit(2);
    printf("%s\n", message); /* @stop:error */
    sqlite3_free(message);
}

int main(int argc, char **argv)
{
    int rounds = argc > 1 ? atoi(argv[1]) : 1;
    struct answer answers[QUESTIONS] = {0};
    sqlite3_config(SQLITE_CONFIG_MALLOC, &zeroed_memory);
    sqlite3_config(SQLITE_CONFIG_LOOKASIDE, 0, 0);
    for (int round = 0; round < rounds; round++) {
        sqlite3 *db;
        check(0, sqlite3_open(":memory:", &db), "open"); /* @stop:open */
        check(db, sqlite3_exec(db, schema, 0, 0, 0), "schema");
        fill(db);
        change(db);
        for (int i = 0; i < QUESTIONS; i++)
            check(db, sqlite3_exec(db, questions[i].sql, add_row, &answers[i], 0), questions[i].name); /* @stop:ask */
        sqlite3_close(db);
    }
    for (int i = 0; i < QUESTIONS; i++)
        printf("%-10s %d %08x %s\n", questions[i].name, answers[i].rows, answers[i].hash, answers[i].last);
    return 0;
}
