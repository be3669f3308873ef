#include "tasks.h"

#include <stddef.h>

bool add_task(struct plan *plan, struct task *task)
{
    if (task->progress == BEGUN)
        return false;
    if (task->progress == PLANNED)
        return true;
    task->progress = BEGUN;
    for (int i = 0; i < 3 && task->needs[i] != NULL; i++) {
        if (!add_task(plan, task->needs[i]))
            return false;
    }
    task->progress = PLANNED;
    plan->tasks[plan->count++] = task;
    plan->minutes += task->minutes;
    return true;
}

int starting_minute(const struct plan *plan, int index)
{
    int minute = 0;
    for (int i = 0; i < index; i++)
        minute += plan->tasks[i]->minutes;
    return minute;
}

int ready_after(const struct task *task)
{
    int latest = 0;
    for (int i = 0; i < 3 && task->needs[i] != NULL; i++) {
        int minute = ready_after(task->needs[i]);
        if (minute > latest)
            latest = minute;
    }
    return latest + task->minutes;
}
