export default function SessionsPage() {
  return <main className="p-4">Sessions</main>;
}
