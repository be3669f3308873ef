/*
 * A loop around a switch: a stack machine interprets a program that counts the primes below `n` by
 * trial division.
 */

enum opcode { PUSH, LOAD, STORE, ADD, MULTIPLY, REMAINDER, LESS, NOT, JUMP, JUMP_IF, CALL, RETURN, HALT };
enum variable { LIMIT, CANDIDATE, DIVISOR, FOUND, VARIABLES };
/* Where the parts of the program begin, in words. */
enum label { NEXT = 4, END = 23, TEST_PRIME = 24, TRY = 28, PRIME = 55, COMPOSITE = 62 };

struct machine {
    int stack[64];
    int calls[16];
    int variables[VARIABLES];
    int depth, call_depth, at;
};

static const int program[] = {
    PUSH, 2, STORE, CANDIDATE,
    LOAD, CANDIDATE, LOAD, LIMIT, LESS, NOT, JUMP_IF, END,
    CALL, TEST_PRIME, LOAD, CANDIDATE, PUSH, 1, ADD, STORE, CANDIDATE,
    JUMP, NEXT,
    HALT,
    PUSH, 2, STORE, DIVISOR,
    LOAD, CANDIDATE, LOAD, DIVISOR, LOAD, DIVISOR, MULTIPLY, LESS,
    JUMP_IF, PRIME, LOAD, CANDIDATE, LOAD, DIVISOR, REMAINDER, NOT,
    JUMP_IF, COMPOSITE, LOAD, DIVISOR, PUSH, 1, ADD, STORE, DIVISOR,
    JUMP, TRY,
    LOAD, FOUND, PUSH, 1, ADD, STORE, FOUND,
    RETURN,
};

static void push(struct machine *m, int value)
{
    m->stack[m->depth++] = value;
}

static int pop(struct machine *m)
{
    return m->stack[--m->depth];
}

static void interpret(struct machine *m)
{
    for (;;) {
        enum opcode opcode = (enum opcode)program[m->at++];
        int right;
        switch (opcode) {
        case PUSH:
            push(m, program[m->at++]);
            break;
        case LOAD:
            push(m, m->variables[program[m->at++]]);
            break;
        case STORE:
            m->variables[program[m->at++]] = pop(m);
            break;
        case ADD:
            right = pop(m);
            push(m, pop(m) + right);
            break;
        case MULTIPLY:
            right = pop(m);
            push(m, pop(m) * right);
            break;
        case REMAINDER:
            right = pop(m);
            push(m, pop(m) % right);
            break;
        case LESS:
            right = pop(m);
            push(m, pop(m) < right);
            break;
        case NOT:
            push(m, !pop(m));
            break;
        case JUMP:
            m->at = program[m->at];
            break;
        case JUMP_IF:
            right = program[m->at++];
            if (pop(m))
                m->at = right;
            break;
        case CALL:
            m->calls[m->call_depth++] = m->at + 1;
            m->at = program[m->at];
            break;
        case RETURN:
            m->at = m->calls[--m->call_depth];
            break;
        case HALT:
            return;
        }
    }
}

static struct machine machine;

__attribute__((export_name("run"))) int run(int n)
{
    machine.depth = machine.call_depth = machine.at = 0;
    machine.variables[LIMIT] = n;
    machine.variables[FOUND] = 0;
    interpret(&machine);
    return machine.variables[FOUND];
}
