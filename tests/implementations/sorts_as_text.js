// The same with the sort of the language, which compares numbers as text: 10 comes before 9.
const lines = require("readline").createInterface({ input: process.stdin });

lines.on("line", (line) => {
  const { bids } = JSON.parse(line);
  const ranked = [...bids].sort().reverse();
  const price = ranked.length > 1 ? ranked[1] : 0;
  console.log(JSON.stringify({ winner: bids.indexOf(ranked[0]), price }));
});
