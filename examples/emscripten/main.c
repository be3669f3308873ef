/* In which order a bakery's morning can be worked through: each task after those that it needs. */
#include <stdio.h>

#include "tasks.h"

static struct task flour = {"flour", 3, {NULL}, NEW};
static struct task water = {"water", 1, {NULL}, NEW};
static struct task oven = {"oven", 20, {NULL}, NEW};
static struct task dough = {"dough", 12, {&flour, &water}, NEW};
static struct task rest = {"rest", 60, {&dough}, NEW};
static struct task bread = {"bread", 45, {&rest, &oven}, NEW};

int main(void)
{
    struct plan plan = {0};
    if (!add_task(&plan, &bread)) {
        puts("a task needs itself");
        return 1;
    }
    for (int i = 0; i < plan.count; i++)
        printf("%3d min  %s\n", starting_minute(&plan, i), plan.tasks[i]->name);
    printf("%d tasks, %d minutes, ready after %d\n", plan.count, plan.minutes, ready_after(&bread));
    return 0;
}
