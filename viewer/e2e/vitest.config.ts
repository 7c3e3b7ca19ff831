import { defineConfig } from "vitest/config";

// One browser, one server, one after the other: two cores draw these pictures in software.
export default defineConfig({ test: { include: ["e2e/**/*.test.ts"], fileParallelism: false, testTimeout: 60_000, hookTimeout: 90_000 } });
