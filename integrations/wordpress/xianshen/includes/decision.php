<?php
/**
 * May this go out? Asked at the gate, each question once a request.
 *
 * @package Xianshen
 */

namespace Xianshen;

defined( 'ABSPATH' ) || exit;

/** Return whether exactly this may be published now: an answer as of `check_at_gate`. */
function decide( array $offer ): array {
	try {
		$page = page_of( $offer );
	} catch ( \Throwable $error ) {
		/* translators: %s: what went wrong */
		return no( 'unreadable', sprintf( __( '这一内容里有区块或短代码写不出来（%s），不能核对，所以不能公开；请改好再试。', 'xianshen' ), $error->getMessage() ) );
	}
	$fault = settings_fault();
	$fault = '' === $fault ? offer_fault( $offer, $page ) : $fault;
	if ( '' !== $fault ) {
		return no( 'not_set_up', $fault );
	}
	$items = items_of( $offer['ID'] );
	if ( array() === $items ) {
		return no( 'not_reviewed', __( '这一内容没有送审，不能公开；请先送审。', 'xianshen' ) );
	}
	$question = array(
		'title'       => $offer['title'],
		'html'        => $page['html'],
		'attachments' => array(),
	);
	// Read once: what is asked about here is what is sealed if the answer is yes.
	$seals = seals_of( $page['paths'] );
	foreach ( names_of( $page['paths'] ) as $path => $name ) {
		$question['attachments'][] = array(
			'name'   => $name,
			'sha256' => isset( $seals[ $path ] ) ? $seals[ $path ][0] : '',
		);
	}
	$answer = asked_once( $items[0], $question );
	// A text that was changed back is what the item before was cleared for.
	if ( ! $answer['allowed'] && isset( $items[1] )
		&& in_array( $answer['code'], array( 'pending', 'changed', 'attachment', 'refused', 'not_reviewed', 'revoked', 'expired' ), true ) ) {
		$before = asked_once( $items[1], $question );
		$answer = $before['allowed'] ? $before : $answer;
	}
	return $answer['allowed'] ? forbid_other_files( $offer, $answer, $seals ) : $answer;
}

/** Ask the gate of an item; the same question in the same request is asked once. */
function asked_once( string $external_id, array $question ): array {
	static $known = array();
	$mark         = $external_id . hash( 'sha256', (string) wp_json_encode( $question ) );
	if ( ! isset( $known[ $mark ] ) ) {
		$known[ $mark ]                = check_at_gate( $external_id, $question );
		$known[ $mark ]['external_id'] = $external_id;
	}
	return $known[ $mark ];
}

/**
 * Say no after all where a smaller version of a picture is not the one handed in.
 *
 * A yes goes with the files' seals; one that came beside them later is not among them.
 */
function forbid_other_files( array $offer, array $answer, array $seals ): array {
	$items  = kept( $offer['ID'], ITEMS );
	$handed = (array) $items[ $answer['external_id'] ];
	$file   = '';
	foreach ( array_intersect_key( $seals, $handed ) as $path => $seal ) {
		$file = '' === $seal[0] || $seal[0] === $handed[ $path ][0] ? $file : (string) $path;
	}
	if ( '' === $file ) {
		$answer['files'] = array_intersect_key( $seals, $handed );
		return $answer;
	}
	/* translators: %s: a file's name */
	$message = sprintf( __( '文件“%s”与送审时的不一致，不能公开；请改回原样，或重新送审。', 'xianshen' ), basename( $file ) );
	return no( 'attachment', $message, array(), $answer['case'] );
}

/** Return what an editor is told of a no. */
function told( array $answer ): string {
	$text = __( '没有发布。', 'xianshen' ) . $answer['message'];
	if ( array() !== $answer['changes'] ) {
		$text .= __( '不一致的地方：', 'xianshen' ) . implode( ' ', array_slice( $answer['changes'], 0, 5 ) );
	}
	return $text;
}
