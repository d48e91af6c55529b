/** Long work in pieces: see base. */
export { type DriveOptions, drive, finish, type Work } from '../base/work.ts'
