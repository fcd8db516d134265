export { createHardware, type Hardware, type HardwareOptions } from './hardware.ts';
export type { DoctorExtra } from './doctor/evidence.ts';
export type { PowerState } from './power.ts';
export type { Reading } from './reading.ts';
