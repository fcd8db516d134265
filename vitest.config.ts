import { defineConfig } from 'vitest/config';

/** Three kinds of tests by file name, so that the fast part can run alone. */
const project = (name: string, include: string, testTimeout: number, fileParallelism: boolean) => ({
  test: {
    name,
    include: [include],
    exclude: ['**/node_modules/**', 'out/**'],
    environment: 'node',
    testTimeout,
    hookTimeout: testTimeout,
    fileParallelism,
  },
});

export default defineConfig({
  test: {
    projects: [
      {
        test: {
          ...project('unit', 'test/**/*.test.{ts,tsx}', 10_000, true).test,
          exclude: ['**/node_modules/**', 'test/**/*.integration.test.ts', 'test/**/*.e2e.test.ts'],
        },
      },
      project('integration', 'test/**/*.integration.test.ts', 120_000, false),
      project('e2e', 'test/**/*.e2e.test.ts', 180_000, false),
    ],
  },
});
