/* Three nested loops over doubles: `n` products of 128 x 128 matrices. */

enum { SIZE = 128 };

static double left[SIZE][SIZE], right[SIZE][SIZE], product[SIZE][SIZE];

static void fill(double matrix[SIZE][SIZE], int seed)
{
    for (int i = 0; i < SIZE; i++) {
        for (int j = 0; j < SIZE; j++)
            matrix[i][j] = (double)((i * 7 + j * 3 + seed) % 11) - 5;
    }
}

static void multiply(void)
{
    for (int i = 0; i < SIZE; i++) {
        for (int j = 0; j < SIZE; j++) {
            double sum = 0;
            for (int k = 0; k < SIZE; k++)
                sum += left[i][k] * right[k][j];
            product[i][j] = sum;
        }
    }
}

static double trace(void)
{
    double sum = 0;
    for (int i = 0; i < SIZE; i++)
        sum += product[i][i];
    return sum;
}

__attribute__((export_name("run"))) double run(int n)
{
    double total = 0;
    fill(right, 2);
    for (int round = 0; round < n; round++) {
        fill(left, round);
        multiply();
        total += trace();
    }
    return total;
}
