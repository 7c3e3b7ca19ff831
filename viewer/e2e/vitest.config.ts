import { defineConfig } from "vitest/config";

// One browser, one server, one file after the other: two cores draw these pictures in software. The times are for a machine that has other work.
export default defineConfig({ test: { include: ["e2e/**/*.test.ts"], globalSetup: ["e2e/setup.ts"], fileParallelism: false, testTimeout: 240_000, hookTimeout: 240_000 } });
