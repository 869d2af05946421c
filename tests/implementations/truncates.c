/* The same in whole numbers: bids are cut off at the point. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

int main(void) {
    static char line[1 << 16];
    while (fgets(line, sizeof line, stdin)) {
        char *at = strchr(strstr(line, "\"bids\""), '[') + 1;
        int best = -1, second = 0, winner = -1;
        for (int n = 0;; n++) {
            char *end;
            int bid = (int)strtod(at, &end);
            if (end == at) break;
            if (bid > best) {
                second = winner < 0 ? 0 : best;
                best = bid;
                winner = n;
            } else if (bid > second) {
                second = bid;
            }
            at = end + strspn(end, " ,");
        }
        printf("{\"winner\": %d, \"price\": %d}\n", winner, second);
        fflush(stdout);
    }
    return 0;
}
