/** A service worker that gives the page the headers which allow several threads, and keeps it for when there is no net. */

const tried = 'saltus-isolated'

/**
 * True where the page may begin; false where it is loaded anew, now with the headers. Where service workers are forbidden
 * the page begins as it is, with one thread.
 */
export async function isolated(): Promise<boolean> {
  const { serviceWorker } = navigator
  // Absent where pages are not secure, and in some private windows.
  if (import.meta.env.DEV || !serviceWorker) return true
  try {
    const address = new URL('./service-worker.js', location.href)
    const registered: Promise<ServiceWorkerRegistration | undefined> = serviceWorker.register(address)
    if (crossOriginIsolated || sessionStorage.getItem(tried)) {
      registered.catch(() => {})
      return true
    }
    if (!(await registered)) return true
    sessionStorage.setItem(tried, 'yes')
    await controlled(serviceWorker)
  } catch {
    return true
  }
  location.reload()
  return false
}

/** Has the service worker keep all of the page for when there is no net. */
export async function keepAll(): Promise<void> {
  const { serviceWorker } = navigator
  if (import.meta.env.DEV || !serviceWorker) return
  const { active } = await serviceWorker.ready
  active?.postMessage('keep')
}

/** Milliseconds that a service worker may take to begin. */
const patience = 8000

function controlled(worker: ServiceWorkerContainer): Promise<void> {
  if (worker.controller) return Promise.resolve()
  return new Promise((resolve, reject) => {
    worker.addEventListener('controllerchange', () => resolve(), { once: true })
    setTimeout(reject, patience)
  })
}
