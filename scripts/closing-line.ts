// Prints `N passed, N failed` over the tests and the steps before them, and exits 1 when anything failed.
import { readFileSync } from "node:fs";

const [file = "", passedBefore = "0", failedBefore = "0"] = process.argv.slice(2);
let passed = Number(passedBefore);
let failed = Number(failedBefore);
let skipped = 0;
try {
  const result = JSON.parse(readFileSync(file, "utf8"));
  passed += result.numPassedTests;
  failed += result.numFailedTests;
  skipped = result.numPendingTests + result.numTodoTests;
  for (const suite of result.testResults) {
    // A file that could not be loaded has no tests to count.
    if (suite.status === "failed" && suite.assertionResults.length === 0) failed += 1;
    for (const test of suite.assertionResults) {
      if (test.status === "pending" || test.status === "skipped") console.log(`skipped: ${test.fullName}`);
    }
  }
  if (result.numTotalTests === 0) failed += 1;
} catch {
  console.error("The tests did not run to their end.");
  failed += 1;
}
console.log(`${passed} passed, ${failed} failed${skipped > 0 ? `, ${skipped} skipped` : ""}`);
process.exitCode = failed > 0 ? 1 : 0;
