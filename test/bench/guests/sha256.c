/*
 * Arithmetic on 32-bit words with a small helper called everywhere: SHA-256 of `n` bytes, all 'a'.
 * Answers the digest's first word. Written from FIPS 180-4, sections 4 to 6.
 */

typedef unsigned int word;

static const word constants[64] = {
    0x428a2f98, 0x71374491, 0xb5c0fbcf, 0xe9b5dba5, 0x3956c25b, 0x59f111f1, 0x923f82a4, 0xab1c5ed5,
    0xd807aa98, 0x12835b01, 0x243185be, 0x550c7dc3, 0x72be5d74, 0x80deb1fe, 0x9bdc06a7, 0xc19bf174,
    0xe49b69c1, 0xefbe4786, 0x0fc19dc6, 0x240ca1cc, 0x2de92c6f, 0x4a7484aa, 0x5cb0a9dc, 0x76f988da,
    0x983e5152, 0xa831c66d, 0xb00327c8, 0xbf597fc7, 0xc6e00bf3, 0xd5a79147, 0x06ca6351, 0x14292967,
    0x27b70a85, 0x2e1b2138, 0x4d2c6dfc, 0x53380d13, 0x650a7354, 0x766a0abb, 0x81c2c92e, 0x92722c85,
    0xa2bfe8a1, 0xa81a664b, 0xc24b8b70, 0xc76c51a3, 0xd192e819, 0xd6990624, 0xf40e3585, 0x106aa070,
    0x19a4c116, 0x1e376c08, 0x2748774c, 0x34b0bcb5, 0x391c0cb3, 0x4ed8aa4a, 0x5b9cca4f, 0x682e6ff3,
    0x748f82ee, 0x78a5636f, 0x84c87814, 0x8cc70208, 0x90befffa, 0xa4506ceb, 0xbef9a3f7, 0xc67178f2,
};

static word digest[8];
static unsigned char block[64];

static word rotr(word value, int bits)
{
    return value >> bits | value << (32 - bits);
}

static word big_sigma(word value, int a, int b, int c)
{
    return rotr(value, a) ^ rotr(value, b) ^ rotr(value, c);
}

static word small_sigma(word value, int a, int b, int shift)
{
    return rotr(value, a) ^ rotr(value, b) ^ value >> shift;
}

static void reset(void)
{
    static const word initial[8] = {0x6a09e667, 0xbb67ae85, 0x3c6ef372, 0xa54ff53a,
                                    0x510e527f, 0x9b05688c, 0x1f83d9ab, 0x5be0cd19};
    for (int i = 0; i < 8; i++)
        digest[i] = initial[i];
}

static void compress(void)
{
    word schedule[64];
    word v[8];
    for (int i = 0; i < 16; i++) {
        const unsigned char *bytes = block + 4 * i;
        schedule[i] = (word)bytes[0] << 24 | (word)bytes[1] << 16 | (word)bytes[2] << 8 | bytes[3];
    }
    for (int i = 16; i < 64; i++) {
        word late = small_sigma(schedule[i - 2], 17, 19, 10);
        word early = small_sigma(schedule[i - 15], 7, 18, 3);
        schedule[i] = late + schedule[i - 7] + early + schedule[i - 16];
    }
    for (int i = 0; i < 8; i++)
        v[i] = digest[i];
    for (int i = 0; i < 64; i++) {
        word choice = (v[4] & v[5]) ^ (~v[4] & v[6]);
        word majority = (v[0] & v[1]) ^ (v[0] & v[2]) ^ (v[1] & v[2]);
        word first = v[7] + big_sigma(v[4], 6, 11, 25) + choice + constants[i] + schedule[i];
        word second = big_sigma(v[0], 2, 13, 22) + majority;
        for (int j = 7; j > 0; j--)
            v[j] = v[j - 1];
        v[4] += first;
        v[0] = first + second;
    }
    for (int i = 0; i < 8; i++)
        digest[i] += v[i];
}

__attribute__((export_name("run"))) int run(int n)
{
    int used = 0;
    unsigned long long bits = (unsigned long long)n * 8;
    reset();
    for (int i = 0; i < n; i++) {
        block[used++] = 'a';
        if (used == 64) {
            compress();
            used = 0;
        }
    }
    block[used++] = 0x80;
    while (used != 56) {
        if (used == 64) {
            compress();
            used = 0;
        } else {
            block[used++] = 0;
        }
    }
    for (int i = 0; i < 8; i++)
        block[56 + i] = (unsigned char)(bits >> (56 - 8 * i));
    compress();
    return (int)digest[0];
}
