/** Whether this user wants things to stand still. */
export const still = (): boolean => matchMedia('(prefers-reduced-motion: reduce)').matches
