/* Nothing but calls: the doubly recursive Fibonacci function. */

static int fib(int n)
{
    if (n < 2)
        return n;
    return fib(n - 1) + fib(n - 2);
}

__attribute__((export_name("run"))) int run(int n)
{
    return fib(n);
}
