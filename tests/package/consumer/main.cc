// A user's program: it sees only what is installed.
int main() { return 0; }
