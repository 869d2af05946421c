// Second price over JSON lines.
const lines = require("readline").createInterface({ input: process.stdin });

lines.on("line", (line) => {
  const { bids } = JSON.parse(line);
  let winner = 0;
  bids.forEach((bid, i) => { if (bid > bids[winner]) winner = i; });
  const others = bids.filter((_, i) => i !== winner);
  const price = others.length ? Math.max(...others) : 0;
  console.log(JSON.stringify({ winner, price }));
});
