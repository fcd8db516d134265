import type { Contract } from '../../shared/contract/index.ts';
import type { Permission } from '../../shared/contract/roles.ts';

type Needed = { readonly [Area in keyof Contract]: { readonly [Name in keyof Contract[Area]]: Permission } };

/** What a caller of the contract needs for each procedure. One that is missing here does not compile. */
export const procedurePermissions: Needed = {
  app: {
    info: 'host.read',
    settings: 'host.read',
    updateSettings: 'host.write',
    keepFile: 'bench.run',
    lastSeq: 'host.read',
    watch: 'host.read',
  },
  jobs: { list: 'host.read', cancel: 'host.write', pause: 'host.write', resume: 'host.write' },
  hardware: { inventory: 'host.read', telemetry: 'host.read', doctor: 'host.read' },
  models: {
    list: 'models.read',
    scan: 'models.write',
    inspect: 'models.read',
    fit: 'models.read',
    memoryHistory: 'models.read',
    quantTypes: 'models.read',
    quantize: 'models.write',
    imatrix: 'models.write',
    pull: 'models.write',
    import: 'models.write',
    remove: 'models.write',
    hash: 'models.write',
  },
  synth: { shapes: 'models.read', plan: 'models.write', forecast: 'models.write', start: 'models.write' },
  engines: {
    steps: 'server.read',
    list: 'server.read',
    clearMark: 'server.operate',
    unload: 'server.operate',
  },
  bench: {
    presets: 'bench.read',
    start: 'bench.run',
    calibrate: 'bench.run',
    noiseFloor: 'bench.read',
    resume: 'bench.run',
    list: 'bench.read',
    get: 'bench.read',
    samples: 'bench.read',
    soFar: 'bench.read',
    timeline: 'bench.read',
    compare: 'bench.read',
    llamaBenchTable: 'bench.read',
    remove: 'bench.run',
  },
  sweeps: {
    start: 'bench.run',
    resume: 'bench.run',
    list: 'bench.read',
    get: 'bench.read',
    remove: 'bench.run',
  },
  quality: {
    start: 'bench.run',
    list: 'bench.read',
    get: 'bench.read',
    remove: 'bench.run',
    pack: 'bench.run',
    readPack: 'bench.run',
  },
  compat: { run: 'bench.run' },
  load: {
    shapes: 'bench.read',
    start: 'bench.run',
    resume: 'bench.run',
    list: 'bench.read',
    get: 'bench.read',
    samples: 'bench.read',
    ticks: 'bench.read',
    soFar: 'bench.read',
    report: 'bench.read',
    remove: 'bench.run',
  },
  reports: {
    make: 'bench.run',
    verify: 'bench.read',
    diff: 'bench.read',
    import: 'bench.run',
    imported: 'bench.read',
  },
  server: {
    status: 'server.read',
    start: 'server.operate',
    stop: 'server.operate',
    networkChoices: 'server.expose',
    openNetwork: 'server.expose',
    closeNetwork: 'server.operate',
    certificate: 'server.read',
    apiKey: 'owner.secret',
    renewApiKey: 'owner.secret',
    requests: 'server.operate',
    cancelRequest: 'server.operate',
    // it speaks with the owner's own key
    playground: 'owner.secret',
  },
  keys: {
    create: 'keys.write',
    list: 'keys.read',
    get: 'keys.read',
    update: 'keys.write',
    rotate: 'keys.write',
    revoke: 'keys.write',
    roles: 'models.read',
  },
  tenants: {
    list: 'keys.read',
    create: 'tenants.write',
    update: 'tenants.write',
    suspend: 'tenants.write',
    resume: 'tenants.write',
    remove: 'tenants.write',
    projects: 'keys.read',
    createProject: 'keys.write',
    renameProject: 'keys.write',
    suspendProject: 'keys.write',
    resumeProject: 'keys.write',
    removeProject: 'keys.write',
    serverLimits: 'server.read',
    setServerLimits: 'tenants.write',
    limitUse: 'keys.read',
  },
  usage: { sum: 'usage.read', rows: 'usage.read' },
  prices: { list: 'usage.read', set: 'tenants.write', remove: 'tenants.write', statement: 'usage.read' },
  costs: { local: 'usage.read', setLocal: 'tenants.write', report: 'usage.read' },
  // its address may hold a secret, and what it asks for comes from this machine
  alerts: { state: 'tenants.write', setHook: 'tenants.write', test: 'tenants.write' },
  budgets: { list: 'usage.read', set: 'budgets.write', remove: 'budgets.write' },
  recording: { status: 'server.read', turn: 'prompts.read', get: 'prompts.read' },
  audit: { list: 'audit.read', verify: 'audit.read' },
};

const areas: Readonly<Record<string, Readonly<Record<string, Permission>>>> = procedurePermissions;

/** What the procedure at a path of the contract needs; `undefined`, and so refused, for one that names nothing. */
export const permissionOfProcedure = ([area = '', name = '']: readonly string[]): Permission | undefined => {
  const ofArea = Object.hasOwn(areas, area) ? areas[area] : undefined;
  return ofArea !== undefined && Object.hasOwn(ofArea, name) ? ofArea[name] : undefined;
};
