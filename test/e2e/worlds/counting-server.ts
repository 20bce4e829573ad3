/**
 * A server in Perl, which is in the smallest images that have a shell: answers JSON with its version, as the echo image does, and writes
 * a line `GET / host=reviews:9080` for each request, so that copies which nobody sees the answers of can be counted.
 */
export const COUNTING_SERVER = String.raw`
use strict; use warnings; use IO::Socket::INET;
$| = 1; $SIG{CHLD} = 'IGNORE'; $SIG{TERM} = sub { exit 0 };
my $body = sprintf('{"service":"%s","version":"%s"}', $ENV{SERVICE}, $ENV{VERSION});
my $server = IO::Socket::INET->new(LocalPort => 8080, Listen => 128, ReuseAddr => 1) or die "cannot listen: $!";
while (1) {
  my $client = $server->accept or next;
  next if fork;
  my ($method, $path) = split / /, scalar(<$client>) // exit 0;
  my $host = '';
  while (defined(my $line = <$client>)) { last if $line =~ /^\r?$/; $host = $1 if $line =~ /^host:\s*(\S+)/i; }
  syswrite STDOUT, "$method $path host=$host\n";
  print $client "HTTP/1.1 200 OK\r\ncontent-type: application/json\r\nconnection: close\r\ncontent-length: " . length($body) . "\r\n\r\n$body";
  exit 0;
}
`;
