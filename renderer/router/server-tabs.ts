/** The parts of the server's page, in the order of its tabs. A new one is a line here and a line in `pages/server/server-page.tsx`. */
export const serverTabs: readonly { readonly name: string; readonly title: string }[] = [
  { name: 'overview', title: 'Overview' },
  { name: 'playground', title: 'Playground' },
  { name: 'keys', title: 'Keys' },
  { name: 'tenants', title: 'Tenants' },
  { name: 'limits', title: 'Limits' },
  { name: 'budgets', title: 'Budgets' },
  { name: 'audit', title: 'Audit' },
  { name: 'usage', title: 'Usage' },
  { name: 'costs', title: 'Costs' },
  { name: 'compat', title: 'Compatibility' },
];
