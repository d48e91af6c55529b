// The processes between an image and its degraded counterpart.
export { type ShiftDescription, type ShiftOptions, shift } from './shift.ts'
export { type TwoClocksDescription, type TwoClocksOptions, twoClocks } from './two-clocks.ts'
