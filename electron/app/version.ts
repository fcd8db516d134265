import manifest from '../../package.json' with { type: 'json' };

/** Version of Dyno, from the one place that has it. */
export const version: string = manifest.version;
