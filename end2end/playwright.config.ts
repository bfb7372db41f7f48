import { defineConfig } from "@playwright/test";

/** Each of these runs whole files, on a server and a salon of its own. Two cores are kept busy by two. */
const workers = 2;
const port = Number(process.env.MEIYUE_E2E_PORT ?? 3417);
const servers = Array.from({ length: workers }, (_, n) => port + n);

/** This worker's server, on demo data whose clock starts at the same moment every time. */
export const base = `http://127.0.0.1:${servers[Number(process.env.TEST_PARALLEL_INDEX ?? 0)]}`;

export default defineConfig({
  testDir: "tests",
  timeout: 60_000,
  expect: { timeout: 10_000 },
  // The tests of a file share one salon: they run one after another so that a failure can be read.
  workers,
  fullyParallel: false,
  forbidOnly: !!process.env.CI,
  retries: 0,
  reporter: [["list"]],
  use: {
    baseURL: base,
    trace: "retain-on-failure",
    launchOptions: {
      executablePath: process.env.CHROMIUM ?? "/usr/bin/chromium",
      args: [
        "--no-sandbox",
        "--disable-gpu",
        "--disable-quic",
        "--no-first-run",
        "--disable-background-networking",
        "--disable-component-update",
        "--disable-sync",
      ],
    },
  },
  webServer: servers.map((port) => ({
    command: `./serve ${port}`,
    url: `http://127.0.0.1:${port}/health/ready`,
    timeout: 120_000,
    reuseExistingServer: false,
    gracefulShutdown: { signal: "SIGTERM", timeout: 15_000 },
  })),
});
