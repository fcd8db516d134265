/**
 * The versions the struct layouts of the inspector were written for and its tests ran with. Another version may have
 * another layout, and a wrong layout writes or measures wrongly without an error.
 */
export const testedLlama = {
  packageVersion: '3.22.1',
  llamaCppRelease: 'v0.5.0',
  llamaVersion: /^0\.5\.0\b/,
} as const;
