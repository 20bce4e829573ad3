/**
 * Sends requests byte for byte from inside a Pod, several at a time. Each line of its input is `ID ADDRESS PORT COUNT HEX`, each of its
 * output `ID HEX` with what came back on one connection, or `ID -` where nothing did. A proxy may leave a connection open for a
 * while after its answer, so the answer's own length says when it is complete.
 */
export const CLIENT_PROGRAM = `
use strict; use warnings; use IO::Socket::INET;
$SIG{PIPE} = 'IGNORE';
my @asked = map { chomp; [split / /] } <STDIN>;
my $workers = 4;
my @from;

sub complete {
  my $end = index($_[0], "\\r\\n\\r\\n");
  return 0 if $end < 0;
  my ($head, $body) = (substr($_[0], 0, $end), substr($_[0], $end + 4));
  return 1 if $head =~ m{^HTTP/1.. (204|304)};
  return length($body) >= $1 if $head =~ /^content-length: (\\d+)/mi;
  return $body =~ /(^|\\r\\n)0\\r\\n\\r\\n$/ if $head =~ /^transfer-encoding: chunked/mi;
  return 0;
}

sub ask {
  my ($address, $port, $raw) = @_;
  my $answer = '';
  eval {
    local $SIG{ALRM} = sub { die };
    alarm 8;
    my $socket = IO::Socket::INET->new(PeerAddr => $address, PeerPort => $port, Proto => 'tcp') or die;
    print $socket $raw;
    while (!complete($answer) && sysread($socket, my $bytes, 65536)) { $answer .= $bytes }
  };
  alarm 0;
  return $answer;
}

for my $worker (0 .. $workers - 1) {
  my $pid = open($from[$worker], '-|');
  next if $pid;
  for my $one (@asked) {
    my ($id, $address, $port, $count, $hex) = @$one;
    for (my $at = $worker; $at < $count; $at += $workers) {
      my $answer = ask($address, $port, pack('H*', $hex));
      print "$id " . ($answer eq '' ? '-' : unpack('H*', $answer)) . "\\n";
    }
  }
  exit;
}
for my $handle (@from) { print while <$handle> }
`;
