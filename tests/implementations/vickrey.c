/* Second price over JSON lines: {"bids": [1, 2.5], ...} in, {"winner": 1, "price": 1} out. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

int main(void) {
    static char line[1 << 16];
    while (fgets(line, sizeof line, stdin)) {
        char *at = strstr(line, "\"bids\"");
        at = at ? strchr(at, '[') : NULL;
        if (!at) return 1;
        double best = 0, second = 0;
        int winner = -1, n = 0;
        for (at++;; n++) {
            char *end;
            double bid = strtod(at, &end);
            if (end == at) break;
            if (winner < 0 || bid > best) {
                second = winner < 0 ? 0 : best;
                best = bid;
                winner = n;
            } else if (bid > second) {
                second = bid;
            }
            at = end + strspn(end, " ,");
        }
        printf("{\"winner\": %d, \"price\": %.17g}\n", winner, second);
        fflush(stdout);
    }
    return 0;
}
