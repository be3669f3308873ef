#ifndef TASKS_H
#define TASKS_H

#include <stdbool.h>

enum progress { NEW, BEGUN, PLANNED };

struct task {
    const char *name;
    int minutes;
    struct task *needs[3];
    enum progress progress;
};

struct plan {
    struct task *tasks[16];
    int count;
    int minutes;
};

/* Plans a task behind all that it needs; false if it needs itself. */
bool add_task(struct plan *plan, struct task *task);

/* When one person alone comes to a task. */
int starting_minute(const struct plan *plan, int index);

/* When a task is done if nobody ever waits for a free hand. */
int ready_after(const struct task *task);

#endif
