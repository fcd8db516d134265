export { createHardware, type Hardware } from './hardware.ts';
export { joulesBetween, type Drawn, type TimedReading } from './energy/joules-between.ts';
export type { EnergySource } from './energy/energy-source.ts';
