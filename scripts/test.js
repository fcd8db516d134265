// npm test: everything that must hold, from formatting to the browser. Needs a Chromium; finds or installs one.
import { findOrInstallBrowser } from './browser.js';
import { buildStep, runSteps, staticGroup, testStep } from './steps.js';

const browserStep = {
  name: 'a browser for the end-to-end tests',
  run: async () => {
    const { path, problem } = findOrInstallBrowser();
    if (path === undefined) return { passed: 0, failed: 1, output: problem };
    process.env.DYNO_TEST_BROWSER = path;
    return { passed: 1, failed: 0 };
  },
};

await runSteps([
  staticGroup,
  { steps: [testStep('unit'), buildStep, browserStep] },
  // both wait for processes half of their time: side by side they take 5 minutes on two cores, in turns 7
  { lanes: 2, steps: [testStep('e2e'), testStep('integration')] },
]);
