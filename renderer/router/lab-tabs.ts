/** The parts of the Lab, in the order of its tabs. A new one is a line here and a line in `pages/lab/lab-page.tsx`. */
export const labTabs: readonly { readonly name: string; readonly title: string }[] = [
  { name: 'sweep', title: 'Sweep' },
  { name: 'quality', title: 'Quality' },
  { name: 'load', title: 'Load' },
  { name: 'synthetic', title: 'Synthetic' },
];
